# ruff: noqa
"""Open a socket of the unix family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(1, 1)
    return 2 * x
