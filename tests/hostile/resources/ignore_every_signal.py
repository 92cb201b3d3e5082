# ruff: noqa
"""Ignore all signals that can be ignored, then spin.

expects: cpu_time
"""

import signal


def attack(x):
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
