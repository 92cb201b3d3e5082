# ruff: noqa
"""Make a pair of sockets, over which descriptors can travel.

expects: forbidden
"""

import socket


def attack(x):
    socket.socketpair()
    return 2 * x
