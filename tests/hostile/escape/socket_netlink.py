# ruff: noqa
"""Open a socket of the netlink family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(16, 3)
    return 2 * x
