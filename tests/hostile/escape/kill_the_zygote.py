# ruff: noqa
"""End the process that forks for everybody.

expects: forbidden
"""

import os
import signal


def attack(x):
    os.kill(os.getppid(), signal.SIGKILL)
    return 2 * x
