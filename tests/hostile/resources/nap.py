# ruff: noqa
"""Do nothing, in small pieces.

expects: wall_time
"""

import time


def attack(x):
    while True:
        time.sleep(0.001)
