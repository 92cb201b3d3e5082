# ruff: noqa
"""Raise half a character.

expects: raised
"""


def attack(x):
    raise type("\ud800", (Exception,), {})("\udfff \0")
