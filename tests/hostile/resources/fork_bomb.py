# ruff: noqa
"""Fork, and let every copy fork.

expects: forbidden
"""

import os


def attack(x):
    while True:
        os.fork()
