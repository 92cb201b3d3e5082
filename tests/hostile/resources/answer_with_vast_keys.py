# ruff: noqa
"""Return a dictionary whose keys all have one hash.

expects: malformed
"""


def attack(x):
    return {number * (2**61 - 1): 0 for number in range(1_000)}
