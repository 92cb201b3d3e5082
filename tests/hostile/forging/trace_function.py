# ruff: noqa
"""Change values from a trace function.

expects: wrong
"""

import sys


def tracer(frame, event, argument):
    for name in ("ending", "error"):
        if name in frame.f_locals:
            pass
    return tracer


def attack(x):
    sys.settrace(tracer)
    sys.setprofile(tracer)
    return 0 * x
