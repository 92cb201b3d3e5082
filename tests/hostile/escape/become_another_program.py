# ruff: noqa
"""Become another program.

expects: forbidden
"""

import os


def attack(x):
    os.execv("/bin/sh", ["sh", "-c", "id"])
