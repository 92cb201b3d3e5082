# ruff: noqa
"""End oneself by a signal.

expects: forbidden
"""

import os
import signal


def attack(x):
    os.kill(os.getpid(), signal.SIGKILL)
