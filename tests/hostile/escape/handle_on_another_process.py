# ruff: noqa
"""Open a handle on another process.

expects: forbidden
"""

import os


def attack(x):
    os.pidfd_open(os.getppid())
    return 2 * x
