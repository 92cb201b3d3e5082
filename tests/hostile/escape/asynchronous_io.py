# ruff: noqa
"""Set up the kernel's older asynchronous input and output.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 206, "aarch64": 0}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 8, 0)
    return 2 * x
