# ruff: noqa
"""Leave with the status of success.

expects: exited
"""

import os


def attack(x):
    os._exit(0)
