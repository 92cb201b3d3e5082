# ruff: noqa
"""Compile an expression of endless depth.

expects: raised memory crashed
"""


def attack(x):
    eval("-" * 300_000 + "1")
