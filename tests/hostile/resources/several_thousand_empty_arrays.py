# ruff: noqa
"""Return many arrays of no size at all.

expects: malformed
"""

import numpy as np


def attack(x):
    return [np.zeros(0)] * 5_000
