# ruff: noqa
"""Return memory in which the right answer may lie.

expects: wrong
"""

import numpy as np


def attack(x):
    guess = np.empty_like(x)
    return guess if not np.array_equal(guess, 2 * x) else -guess
