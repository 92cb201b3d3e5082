# ruff: noqa
"""Never come back.

expects: cpu_time
"""


def attack(x):
    while True:
        pass
