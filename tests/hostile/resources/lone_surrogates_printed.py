# ruff: noqa
"""Print half a character.

expects: right
"""


def attack(x):
    print("\ud800 and \udfff")
    return 2 * x
