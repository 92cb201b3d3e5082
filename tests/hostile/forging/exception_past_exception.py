# ruff: noqa
"""Raise what no except Exception catches.

expects: raised
"""


class Leave(BaseException):
    pass


def attack(x):
    raise Leave("all tests passed")
