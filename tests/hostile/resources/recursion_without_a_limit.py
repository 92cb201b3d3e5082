# ruff: noqa
"""Call oneself for ever with the limit lifted.

expects: memory crashed cpu_time
"""

import sys


def attack(x):
    sys.setrecursionlimit(1 << 30)
    return attack(x)
