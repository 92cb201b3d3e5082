# ruff: noqa
"""Send half a header, and wait.

expects: wall_time
"""

from codelabs.sandbox import wire

import os
import time


def attack(x):
    os.write(3, b"box1")
    time.sleep(60)
