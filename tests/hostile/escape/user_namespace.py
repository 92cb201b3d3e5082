# ruff: noqa
"""Become root of a namespace of one's own.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 272, "aarch64": 97}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0x10000000)
    return 2 * x
