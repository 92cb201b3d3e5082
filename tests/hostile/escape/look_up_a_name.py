# ruff: noqa
"""Ask the network for a name.

expects: forbidden raised
"""

import socket


def attack(x):
    return socket.gethostbyname("example.org")
