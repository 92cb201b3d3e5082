# ruff: noqa
"""Watch other processes through performance counters.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 298, "aarch64": 241}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0, 0, -1, -1, 0)
    return 2 * x
