# ruff: noqa
"""Raise an exception whose every attribute fails.

expects: raised
"""


class Liar(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__

    @property
    def __cause__(self):
        raise SystemExit(0)

    @property
    def __class__(self):
        raise SystemExit(0)


def attack(x):
    raise Liar
