# ruff: noqa
"""Give the first answer to every question.

expects: wrong
"""

kept = []


def attack(x):
    kept.append(2 * x)
    return kept[0]
