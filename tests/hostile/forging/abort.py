# ruff: noqa
"""Abort.

expects: crashed
"""

import os


def attack(x):
    os.abort()
