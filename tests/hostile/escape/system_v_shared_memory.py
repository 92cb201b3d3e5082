# ruff: noqa
"""Share memory in the old way.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 29, "aarch64": 194}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 4711, 64, 0o1666)
    return 2 * x
