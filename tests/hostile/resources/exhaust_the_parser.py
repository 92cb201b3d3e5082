# ruff: noqa
"""Compile a text that no parser can hold.

expects: raised memory
"""


def attack(x):
    eval("(" * 100_000 + ")" * 100_000)
