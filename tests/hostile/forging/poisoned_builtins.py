# ruff: noqa
"""Poison the functions that everybody uses.

expects: wrong malformed raised exited cpu_time
"""

import builtins


def attack(x):
    builtins.len = lambda *_: 0
    builtins.isinstance = lambda *_: True
    builtins.type = lambda *_: float
    builtins.id = lambda *_: 0
    return 0 * x
