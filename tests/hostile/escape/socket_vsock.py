# ruff: noqa
"""Open a socket of the vsock family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(40, 1)
    return 2 * x
