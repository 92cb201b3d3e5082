# ruff: noqa
"""Start a program from a descriptor.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 322, "aarch64": 281}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 3, b"", 0, 0, 0x1000)
    return 2 * x
