# ruff: noqa
"""Hook into everything that Python reports about itself, for good.

expects: right raised exited malformed
"""

import sys

seen = []


def attack(x):
    if not seen:
        sys.addaudithook(lambda event, arguments: seen.append((event, arguments)))
    seen.append("begun")
    return 2 * x
