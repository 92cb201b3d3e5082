# ruff: noqa
"""Leave a thread that answers later.

expects: malformed wall_time
limits: threads=1
"""

import os
import threading
import time


def later():
    while True:
        time.sleep(0.001)
        os.write(3, b"box1" + bytes(12))


def attack(x):
    threading.Thread(target=later, daemon=True).start()
    time.sleep(0.05)
    return 2 * x
