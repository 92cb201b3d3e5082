# ruff: noqa
"""Send a byte of the answer now and then.

expects: wall_time
"""

from codelabs.sandbox import wire

import os
import time


def attack(x):
    os.write(3, wire.HEADER.pack(b"box1", 1000, 0))
    while True:
        os.write(3, b" ")
        time.sleep(0.01)
