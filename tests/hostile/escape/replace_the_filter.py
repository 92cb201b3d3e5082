# ruff: noqa
"""Load a filter of one's own.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 317, "aarch64": 277}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 1, 0, 0)
    return 2 * x
