# ruff: noqa
"""Read at address zero.

expects: crashed
"""

import ctypes


def attack(x):
    return ctypes.string_at(0)
