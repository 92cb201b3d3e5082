# ruff: noqa
"""Read the kernel's log.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 103, "aarch64": 116}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 3, 0, 0)
    return 2 * x
