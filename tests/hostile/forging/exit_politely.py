# ruff: noqa
"""Leave before anybody can look.

expects: exited
"""

import sys


def attack(x):
    sys.exit(0)
