# ruff: noqa
"""Open a socket of the alg family.

expects: forbidden
"""

import socket


def attack(x):
    socket.socket(38, 5)
    return 2 * x
