# ruff: noqa
"""Lift the limit on the digits of a number and answer with millions of them.

expects: cpu_time answer_bytes malformed memory
"""

import sys


def attack(x):
    sys.set_int_max_str_digits(0)
    return 10**3_000_000
