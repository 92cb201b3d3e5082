# ruff: noqa
"""Open a socket of the packet family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(17, 3)
    return 2 * x
