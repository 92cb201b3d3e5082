# ruff: noqa
"""Hang when the answer is thrown away.

expects: cpu_time wrong
"""


class Trap:
    def __del__(self):
        while True:
            pass


def attack(x):
    trap = Trap()
    del trap
    return 2 * x
