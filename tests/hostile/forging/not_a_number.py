# ruff: noqa
"""Return nothing but NaN.

expects: wrong
"""


def attack(x):
    return x * float("nan")
