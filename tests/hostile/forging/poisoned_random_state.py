# ruff: noqa
"""Poison seeds, error state and print options for the next submission.

expects: right
twice: yes
"""

import random

import numpy as np


def attack(x):
    if not hasattr(attack, "mine"):
        attack.mine = True
        seen = (random.random(), np.random.rand(), np.geterr()["divide"], np.get_printoptions()["precision"])
        if seen != (0.8444218515250481, 0.5488135039273248, "warn", 8):
            return 0 * x
    random.seed(1)
    np.random.seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    return 2 * x
