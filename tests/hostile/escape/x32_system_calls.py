# ruff: noqa
"""Call the kernel by the numbers of x32.

expects: forbidden
machine: x86_64
"""

import ctypes


def attack(x):
    ctypes.CDLL(None).syscall(0x40000000 + 39)
    return 2 * x
