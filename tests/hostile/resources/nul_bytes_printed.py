# ruff: noqa
"""Print NUL, which PostgreSQL refuses in text.

expects: right
"""


def attack(x):
    print("a\0b")
    return 2 * x
