# ruff: noqa
"""Trace another process.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 101, "aarch64": 117}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 16, __import__("os").getppid(), 0, 0)
    return 2 * x
