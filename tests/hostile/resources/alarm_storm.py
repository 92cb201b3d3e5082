# ruff: noqa
"""Have the kernel interrupt everything, also the answering.

expects: raised exited cpu_time malformed
"""

import signal


class Storm(BaseException):
    pass


def thunder(*_):
    raise Storm


def attack(x):
    signal.signal(signal.SIGALRM, thunder)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0001)
    while True:
        pass
