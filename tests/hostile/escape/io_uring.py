# ruff: noqa
"""Set up a ring that does system calls past the filter.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 425, "aarch64": 425}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 8, 0)
    return 2 * x
