# ruff: noqa
"""Hang in every collection.

expects: cpu_time
"""

import gc


def spin(*_):
    while True:
        pass


def attack(x):
    gc.callbacks.append(spin)
    gc.collect()
    return 2 * x
