# ruff: noqa
"""Spread over processes.

expects: forbidden raised
"""

import multiprocessing


def attack(x):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(abs, range(1000))
    return 2 * x
