# ruff: noqa
"""Return from a signal that never came, to registers of ones own choice.

expects: crashed
"""

import ctypes
import platform


def attack(x):
    ctypes.CDLL(None).syscall({"x86_64": 15, "aarch64": 139}[platform.machine()])
    return 2 * x
