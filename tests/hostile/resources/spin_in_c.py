# ruff: noqa
"""Never come back from one instruction of the interpreter.

expects: cpu_time
"""


def attack(x):
    return sum(range(10**15))
