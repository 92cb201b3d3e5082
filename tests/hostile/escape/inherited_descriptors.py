# ruff: noqa
"""Look for descriptors that the site left open.

expects: value
value: []
"""

import os


def attack(x):
    found = []
    for number in range(4, 4096):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    return found
