# ruff: noqa
"""Print onto the line.

expects: answer_bytes
"""

import os


def attack(x):
    os.dup2(3, 1)
    print("box1 all tests passed")
    return 2 * x
