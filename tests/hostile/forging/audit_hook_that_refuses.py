# ruff: noqa
"""Refuse whatever Python is about to do, so that the answer cannot be sent as it is.

expects: raised exited malformed right wrong
"""

import sys

armed = []


def refuse(event, arguments):
    if armed:
        raise RuntimeError(event)


def attack(x):
    sys.addaudithook(refuse)
    armed.append(True)
    return 0 * x
