# ruff: noqa
"""Return many arrays of no size at all.

expects: answer_arrays
"""

import numpy as np


def attack(x):
    return [np.zeros(0)] * 5_000
