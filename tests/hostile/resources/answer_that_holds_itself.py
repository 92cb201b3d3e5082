# ruff: noqa
"""Return a list that is its own item.

expects: answer_depth
"""


def attack(x):
    loop = []
    loop.append(loop)
    return loop
