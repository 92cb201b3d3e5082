# ruff: noqa
"""Put the output in the place of the line.

expects: malformed exited wall_time
"""

import os


def attack(x):
    os.dup2(1, 3)
    return 2 * x
