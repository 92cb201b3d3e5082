# ruff: noqa
"""Return a million numbers, each of which costs more to hold than to send.

expects: malformed cpu_time memory
"""


def attack(x):
    return [[]] * 1_000_000
