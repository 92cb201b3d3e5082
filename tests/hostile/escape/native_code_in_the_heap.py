# ruff: noqa
"""Make memory executable after writing it.

expects: forbidden
"""

import ctypes


def attack(x):
    page = ctypes.create_string_buffer(8192)
    address = (ctypes.addressof(page) + 4095) & ~4095
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), 4096, 5)
    return 2 * x
