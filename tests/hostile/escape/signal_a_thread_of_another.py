# ruff: noqa
"""Signal another process through its threads.

expects: value
value: []
"""

import ctypes
import os
import platform

TGKILL, TKILL = {"x86_64": (234, 200), "aarch64": (131, 130)}[platform.machine()]


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    other = os.getppid()
    return [
        n
        for n, result in (("tgkill", libc.syscall(TGKILL, other, other, 9)), ("tkill", libc.syscall(TKILL, other, 9)))
        if result == 0
    ]
