# ruff: noqa
"""Return a list that is its own item.

expects: malformed
"""


def attack(x):
    loop = []
    loop.append(loop)
    return loop
