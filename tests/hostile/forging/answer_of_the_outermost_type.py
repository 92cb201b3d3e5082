# ruff: noqa
"""Return bytes and text that spell the right answer, in types that a lax comparison would convert.

expects: malformed
"""

import numpy as np


def attack(x):
    return np.array([[str(2 * value) for value in row] for row in x])
