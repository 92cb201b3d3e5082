# ruff: noqa
"""End every process that may be ended.

expects: forbidden
"""

import os
import signal


def attack(x):
    os.kill(-1, signal.SIGKILL)
    return 2 * x
