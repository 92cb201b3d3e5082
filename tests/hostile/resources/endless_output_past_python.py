# ruff: noqa
"""Write for ever, past Python's own files.

expects: output
"""

import os


def attack(x):
    while True:
        os.write(2, bytes(4096))
