# ruff: noqa
"""Do nothing, for long.

expects: wall_time
"""

import time


def attack(x):
    time.sleep(3600)
