# ruff: noqa
"""Compute for ever while the answer is being written.

expects: cpu_time malformed
"""


class Endless(dict):
    def items(self):
        while True:
            yield (0, 0)


def attack(x):
    return Endless()
