# ruff: noqa
"""Answer rightly once, and then crash.

expects: crashed
"""

import ctypes

calls = []


def attack(x):
    calls.append(1)
    if len(calls) > 1:
        ctypes.string_at(0)
    return 2 * x
