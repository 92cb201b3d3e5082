# ruff: noqa
"""Return a dictionary of a million keys that are not equal to themselves.

expects: malformed cpu_time memory
"""


def attack(x):
    return {float("nan"): 0 for _ in range(500_000)}
