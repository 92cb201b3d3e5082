# ruff: noqa
"""Print one line of a hundred million characters.

expects: output memory
"""


def attack(x):
    print("x" * 30_000_000)
    return 2 * x
