# ruff: noqa
"""Start more threads than are granted.

expects: threads memory
limits: threads=2
"""

import threading
import time


def attack(x):
    threading.stack_size(64 * 1024)
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(60)
