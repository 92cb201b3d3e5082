# ruff: noqa
"""Return more than may be returned.

expects: malformed
"""

import numpy as np


def attack(x):
    return np.zeros(1_000_000)
