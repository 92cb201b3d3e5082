# ruff: noqa
"""Return an array that answers every operation itself.

expects: wrong
"""

import numpy as np


class Flattering(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape) if ufunc in (np.subtract, np.absolute) else np.True_

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def tobytes(self, *_):
        return b""


def attack(x):
    return (0 * x).view(Flattering)
