# ruff: noqa
"""Leave a note in the kernel's keyring.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 248, "aarch64": 217}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, b"user", b"note", b"x", 1, -3)
    return 2 * x
