# ruff: noqa
"""Return eight bytes that claim to be eighty billion.

expects: answer_bytes
"""

import numpy as np


def attack(x):
    return np.broadcast_to(np.float64(1), (100_000, 100_000))
