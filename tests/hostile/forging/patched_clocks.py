# ruff: noqa
"""Make every clock stand still, then compute for long.

expects: cpu_time
"""

import time


def attack(x):
    for name in ("time", "perf_counter", "monotonic", "process_time", "thread_time"):
        setattr(time, name, lambda: 0.0)
    while True:
        pass
