# ruff: noqa
"""Match a regular expression that backtracks for ever.

expects: cpu_time
"""

import re


def attack(x):
    return re.match(r"(a+)+$", "a" * 64 + "b")
