# ruff: noqa
"""Load a program into the kernel.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 321, "aarch64": 280}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0, 0, 0)
    return 2 * x
