# ruff: noqa
"""Enter the kernel by the fixed page of old.

expects: right crashed forbidden
machine: x86_64
"""

import ctypes


def attack(x):
    ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p)(0xFFFFFFFFFF600400)(None)
    return 2 * x
