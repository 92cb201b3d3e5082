# ruff: noqa
"""Compute a number with hundreds of millions of digits.

expects: cpu_time memory
"""


def attack(x):
    return 9**9**9
