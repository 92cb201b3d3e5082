# ruff: noqa
"""Open a socket of the tcp family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(2, 1)
    return 2 * x
