# ruff: noqa
"""Build rules of one's own.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 444, "aarch64": 444}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0, 0, 1)
    return 2 * x
