# ruff: noqa
"""An honest, right answer.

expects: right
"""

import numpy as np


def attack(x):
    assert np.linalg.inv(np.eye(3)).shape == (3, 3)
    return 2 * x
