# ruff: noqa
"""An honest, wrong answer.

expects: wrong
"""

import numpy as np


def attack(x):
    assert np.linalg.inv(np.eye(3)).shape == (3, 3)
    return 2 * x + 1
