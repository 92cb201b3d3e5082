# ruff: noqa
"""Join a namespace of another process.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 308, "aarch64": 268}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 3, 0)
    return 2 * x
