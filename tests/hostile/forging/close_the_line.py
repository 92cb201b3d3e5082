# ruff: noqa
"""Hang up and live on.

expects: exited malformed
"""

import os
import time


def attack(x):
    os.close(3)
    time.sleep(60)
