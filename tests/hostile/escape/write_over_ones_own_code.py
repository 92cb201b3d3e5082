# ruff: noqa
"""Write into the interpreter.

expects: crashed
"""

import ctypes


def attack(x):
    ctypes.memset(ctypes.cast(ctypes.pythonapi.PyLong_FromLong, ctypes.c_void_p), 0xCC, 4096)
    return 2 * x
