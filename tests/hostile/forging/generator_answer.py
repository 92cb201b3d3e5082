# ruff: noqa
"""Return a generator, which runs when looked at.

expects: malformed
"""


def attack(x):
    yield 2 * x
