# ruff: noqa
"""Call oneself for ever.

expects: raised
"""


def attack(x):
    return attack(x)
