# ruff: noqa
"""Return an array of records with an object inside.

expects: malformed
"""

import numpy as np


def attack(x):
    return np.zeros(2, dtype=[("a", "f8"), ("b", "O")])
