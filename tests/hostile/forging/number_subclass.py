# ruff: noqa
"""Return a number that is equal to everything.

expects: wrong
"""


class Flattering(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


def attack(x):
    return Flattering(3)
