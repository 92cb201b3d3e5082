# ruff: noqa
"""Leave a mark in the flags of a descriptor that the next submission may share.

expects: right
twice: yes
"""

import fcntl
import os


def attack(x):
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    if flags & os.O_NONBLOCK and not hasattr(attack, "mine"):
        return 0 * x
    attack.mine = True
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    return 2 * x
