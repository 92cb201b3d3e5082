# ruff: noqa
"""Return half a character, which no database can store.

expects: wrong
"""


def attack(x):
    return {"\ud800": "\udfff"}
