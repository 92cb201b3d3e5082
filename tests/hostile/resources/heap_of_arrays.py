# ruff: noqa
"""Ask for arrays until there are no more.

expects: memory
"""

import numpy as np


def attack(x):
    hoard = []
    while True:
        hoard.append(np.ones(1_000_000))
