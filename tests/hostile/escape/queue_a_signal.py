# ruff: noqa
"""Queue a signal with data of one's own.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 129, "aarch64": 138}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, __import__("os").getppid(), 9, 0)
    return 2 * x
