# ruff: noqa
"""Ask the kernel where other processes keep their lists of locks, which is a place in their memory.

expects: value
value: []
machine: x86_64
"""

import ctypes
import os

GET_ROBUST_LIST = 274


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    told, myself = [], os.getpid()
    for process in {1, os.getppid(), *range(max(2, myself - 200), myself + 50)} - {myself}:
        head, length = ctypes.c_void_p(), ctypes.c_size_t()
        if libc.syscall(GET_ROBUST_LIST, process, ctypes.byref(head), ctypes.byref(length)) == 0:
            told.append(process)
    return told
