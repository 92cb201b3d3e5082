# ruff: noqa
"""Return an array whose wrong elements are masked.

expects: wrong
"""

import numpy as np


def attack(x):
    return np.ma.masked_array(0 * x, mask=np.ones_like(x, dtype=bool))
