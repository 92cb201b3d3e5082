# ruff: noqa
"""Return a promise to compute when looked at.

expects: malformed
"""

import numpy as np


class Later:
    def __array__(self, *_, **__):
        return np.zeros(3)

    def __iter__(self):
        return iter([0, 0])


def attack(x):
    return Later()
