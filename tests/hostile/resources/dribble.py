# ruff: noqa
"""Print a little, for ever.

expects: wall_time output
"""

import time


def attack(x):
    while True:
        print(".", end="", flush=True)
        time.sleep(0.002)
