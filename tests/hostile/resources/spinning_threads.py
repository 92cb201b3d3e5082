# ruff: noqa
"""Burn a processor in each of several granted threads.

expects: cpu_time
limits: threads=2
"""

import threading


def spin():
    while True:
        pass


def attack(x):
    for _ in range(2):
        threading.Thread(target=spin, daemon=True).start()
    spin()
