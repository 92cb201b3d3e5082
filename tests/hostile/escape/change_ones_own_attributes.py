# ruff: noqa
"""Undo what was set about this process: dumpable, the tie to its parent, who may trace it.

expects: value
value: []
"""

import ctypes

OPTIONS = {"parent death signal": 1, "dumpable": 4, "keep capabilities": 8, "memory map": 35, "subreaper": 36}
OPTIONS |= {"tracer": 0x59616D61, "dispatch of system calls": 59, "io flusher": 57, "timer slack": 29}


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    managed = []
    for name, option in OPTIONS.items():
        for value in (0, 1):
            if libc.prctl(option, value, 0, 0, 0) == 0:
                managed.append(name)
    return managed
