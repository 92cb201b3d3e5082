# ruff: noqa
"""Steal the next question by a signal that comes between two of them.

expects: malformed wall_time cpu_time wrong
"""

import os
import signal


def steal(*_):
    os.read(3, 1 << 20)


def attack(x):
    signal.signal(signal.SIGALRM, steal)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    return 0 * x
