# ruff: noqa
"""Print bytes that are no text.

expects: right
"""

import os


def attack(x):
    os.write(1, bytes(range(256)) + b"\xff\xfe\xed\xa0\x80")
    return 2 * x
