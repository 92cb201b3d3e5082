# ruff: noqa
"""Open a socket of the udp6 family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(10, 2)
    return 2 * x
