# ruff: noqa
"""Start threads where none are granted.

expects: threads
"""

import threading
import time


def attack(x):
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return 2 * x
