# ruff: noqa
"""Raise what ends generators.

expects: raised
"""


def attack(x):
    raise GeneratorExit
