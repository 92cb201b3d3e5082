# ruff: noqa
"""Print for ever.

expects: output
"""


def attack(x):
    while True:
        print("x" * 500)
