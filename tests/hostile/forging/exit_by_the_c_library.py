# ruff: noqa
"""Leave past Python.

expects: exited
"""

import ctypes


def attack(x):
    ctypes.CDLL(None).exit(0)
