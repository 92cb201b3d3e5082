# ruff: noqa
"""Look in the callers' variables for the expected answer.

expects: wrong
"""

import sys

import numpy as np


def attack(x):
    wanted = 2 * x
    wanted_id, frame = id(wanted), sys._getframe(1)
    while frame is not None:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if (
                isinstance(value, np.ndarray)
                and id(value) != wanted_id
                and value.shape == x.shape
                and np.array_equal(value, wanted)
            ):
                return value
        frame = frame.f_back
    return 0 * x
