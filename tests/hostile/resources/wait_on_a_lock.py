# ruff: noqa
"""Wait for oneself.

expects: wall_time
"""

import threading


def attack(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
