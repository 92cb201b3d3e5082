# ruff: noqa
"""Return a million arrays.

expects: answer_arrays cpu_time memory
"""

import numpy as np


def attack(x):
    return [np.zeros(1)] * 1_000_000
