# ruff: noqa
"""Take pages of memory away that all processes share: declare them broken, put them offline, write them out.

expects: value
value: []
machine: x86_64
"""

import ctypes

import numpy as np

HWPOISON, SOFT_OFFLINE, REMOVE = 100, 101, 9
PAGE = 4096


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    code = ctypes.cast(libc.malloc, ctypes.c_void_p).value & -PAGE  # of the C library, one copy for the whole host
    spoilt = []
    for place in (code, np.empty(PAGE).ctypes.data & -PAGE):
        for advice in (HWPOISON, SOFT_OFFLINE, REMOVE):
            if libc.madvise(ctypes.c_void_p(place), ctypes.c_size_t(PAGE), advice) == 0:
                spoilt.append(advice)
    return spoilt
