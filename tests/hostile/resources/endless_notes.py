# ruff: noqa
"""Raise an exception with notes of hundreds of megabytes.

expects: raised memory
"""


def attack(x):
    problem = ValueError("short")
    note = "n" * 4_000_000
    for _ in range(1_000):
        problem.add_note(note)
    raise problem
