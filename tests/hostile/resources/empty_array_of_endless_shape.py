# ruff: noqa
"""Return no data in a shape without end.

expects: malformed
"""

import numpy as np


def attack(x):
    return np.empty((0, 1 << 50))
