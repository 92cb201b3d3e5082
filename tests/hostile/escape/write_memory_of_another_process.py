# ruff: noqa
"""Write another process's memory.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 311, "aarch64": 271}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, __import__("os").getppid(), 0, 0, 0, 0, 0)
    return 2 * x
