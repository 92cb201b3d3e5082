# ruff: noqa
"""Leave work for the end of the process.

expects: right
"""

import atexit


def spin():
    while True:
        pass


def attack(x):
    atexit.register(spin)
    return 2 * x
