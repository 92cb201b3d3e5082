# ruff: noqa
"""Wait on the line for what the parent will ask next.

expects: wall_time
"""

import os


def attack(x):
    return os.read(3, 1 << 20)
