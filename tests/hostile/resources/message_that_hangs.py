# ruff: noqa
"""Hang while the exception is being told.

expects: cpu_time
"""


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def attack(x):
    raise Slow
