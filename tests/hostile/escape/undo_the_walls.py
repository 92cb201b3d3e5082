# ruff: noqa
"""Undo by prctl what the walls did.

expects: value
value: []
"""

import ctypes


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    wishes = {
        "outlive the zygote": (1, 0),
        "be traceable": (4, 1),
        "no filter": (22, 0),
        "new privileges": (38, 0),
        "keep capabilities": (8, 1),
    }
    return [wish for wish, (option, value) in wishes.items() if libc.prctl(option, value, 0, 0, 0) == 0]
