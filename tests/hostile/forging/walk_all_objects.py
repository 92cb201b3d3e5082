# ruff: noqa
"""Look in all memory for the expected answer, a seed or a case.

expects: wrong
"""

import gc

import numpy as np


def attack(x):
    wanted = 2 * x
    for thing in gc.get_objects():
        for held in gc.get_referents(thing):
            if (
                isinstance(held, np.ndarray)
                and held is not wanted
                and held.shape == x.shape
                and np.array_equal(held, wanted)
            ):
                return held
    return 0 * x
