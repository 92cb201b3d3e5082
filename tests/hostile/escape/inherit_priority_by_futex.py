# ruff: noqa
"""Reach the kernel's locks that inherit priorities, which were holes more than once and which nobody here needs.

expects: value
value: []
machine: x86_64
"""

import ctypes

FUTEX = 202
LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI, CMP_REQUEUE_PI, LOCK_PI2 = 6, 7, 8, 11, 12, 13
PRIVATE, NOT_KNOWN = 128, 38


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    word, other = ctypes.c_int(0), ctypes.c_int(0)
    reached = []
    for operation in (LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI, CMP_REQUEUE_PI, LOCK_PI2):
        for flag in (0, PRIVATE):
            soon = (ctypes.c_long * 2)(0, 1)
            done = libc.syscall(FUTEX, ctypes.byref(word), operation | flag, 1, soon, ctypes.byref(other), 0)
            if done == 0 or ctypes.get_errno() != NOT_KNOWN:
                reached.append((operation, flag))
    return reached
