# ruff: noqa
"""Use up every descriptor.

expects: right
"""

import os


def attack(x):
    try:
        while True:
            os.dup(1)
    except OSError:
        return 2 * x
