# ruff: noqa
"""Raise ten thousand exceptions, each the cause of the next.

expects: raised cpu_time
"""


def attack(x):
    problem = ValueError("first")
    for number in range(10_000):
        later = ValueError(number)
        later.__cause__ = problem
        problem = later
    raise problem
