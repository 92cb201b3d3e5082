# ruff: noqa
"""Answer with a number that the parent may not be able to read.

expects: malformed raised wrong answer_bytes
"""

import sys


def attack(x):
    sys.set_int_max_str_digits(0)
    return 10**20_000
