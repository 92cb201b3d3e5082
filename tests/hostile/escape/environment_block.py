# ruff: noqa
"""Look for secrets in the memory that the environment came in.

expects: value
value: []
"""

import ctypes


def attack(x):
    block = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, index = [], 0
    while block[index]:
        found.append(block[index].decode())
        index += 1
    return [entry for entry in found if "HOSTILE" in entry or "SECRET" in entry or "DJANGO" in entry]
