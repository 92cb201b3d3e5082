# ruff: noqa
"""Return a dictionary of half a million keys that are not equal to themselves.

expects: malformed answer_bytes cpu_time memory
"""


def attack(x):
    return {float("nan"): 0 for _ in range(500_000)}
