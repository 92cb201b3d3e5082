# ruff: noqa
"""Return a million arrays.

expects: malformed cpu_time memory wall_time
"""

import numpy as np


def attack(x):
    return [np.zeros(1)] * 1_000_000
