# ruff: noqa
"""Overflow the stack of C code.

expects: crashed memory
"""

import sys


def deeper(x):
    return sorted([x], key=deeper)


def attack(x):
    sys.setrecursionlimit(1 << 30)
    return deeper(1)
