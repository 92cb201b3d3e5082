# ruff: noqa
"""Change the input so that the answer fits it.

expects: wrong
"""


def attack(x):
    x[...] = 0
    return 2 * x
