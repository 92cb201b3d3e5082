# ruff: noqa
"""Fork where the flags hide in memory.

expects: right
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 435, "aarch64": 435}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0, 0)
    return 2 * x
