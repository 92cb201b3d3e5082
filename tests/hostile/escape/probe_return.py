# ruff: noqa
"""Call what the kernel lets past every filter because only its own trampolines may: the return of a probe.

expects: crashed right
machine: x86_64
"""

import ctypes


def attack(x):
    libc = ctypes.CDLL(None)
    libc.syscall(335)
    libc.syscall(336)
    return 2 * x
