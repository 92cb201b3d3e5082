# ruff: noqa
"""Give the processor away all the time and never end.

expects: cpu_time
"""

import os


def attack(x):
    while True:
        os.sched_yield()
