# ruff: noqa
"""Fill the heap with small objects.

expects: memory
"""


def attack(x):
    hoard = []
    while True:
        hoard.append(bytes(100_000))
