# ruff: noqa
"""Return more than may be returned.

expects: answer_bytes
"""

import numpy as np


def attack(x):
    return np.zeros(1_000_000)
