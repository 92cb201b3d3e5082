# ruff: noqa
"""Make a file of memory alone.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 319, "aarch64": 279}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, b"x", 0)
    return 2 * x
