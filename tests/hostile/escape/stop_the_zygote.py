# ruff: noqa
"""Stop the process that would report one's end.

expects: forbidden
"""

import os
import signal


def attack(x):
    os.kill(os.getppid(), signal.SIGSTOP)
    return 2 * x
