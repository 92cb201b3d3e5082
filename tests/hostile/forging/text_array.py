# ruff: noqa
"""Return an array of text and one of dates.

expects: malformed
"""

import numpy as np


def attack(x):
    return [np.array(["a"]), np.array(["2026-01-01"], dtype="M8[D]")]
