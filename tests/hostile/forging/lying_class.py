# ruff: noqa
"""Return an object that claims to be an array.

expects: malformed
"""

import numpy as np


class Liar:
    @property
    def __class__(self):
        return np.ndarray


def attack(x):
    return Liar()
