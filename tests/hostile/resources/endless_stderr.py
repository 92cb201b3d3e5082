# ruff: noqa
"""Complain for ever.

expects: output
"""

import sys


def attack(x):
    while True:
        sys.stderr.write("x" * 500 + "\n")
