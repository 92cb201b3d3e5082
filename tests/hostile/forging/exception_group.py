# ruff: noqa
"""Raise many at once, an exit among them.

expects: raised exited
"""


def attack(x):
    raise BaseExceptionGroup("all", [SystemExit(0), KeyboardInterrupt()])
