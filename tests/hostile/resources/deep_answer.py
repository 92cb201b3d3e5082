# ruff: noqa
"""Return a list in a list in a list …

expects: answer_depth
"""


def attack(x):
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest
