# ruff: noqa
"""Raise an exception with a hundred million characters.

expects: raised memory
"""


def attack(x):
    raise ValueError("x" * 50_000_000)
