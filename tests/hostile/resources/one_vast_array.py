# ruff: noqa
"""Ask for far more than there is at once.

expects: memory
"""

import numpy as np


def attack(x):
    return np.ones((1 << 20, 1 << 20))
