# ruff: noqa
"""Answer with the number of this question, twice.

expects: malformed
"""

import os
import sys


def attack(x):
    from codelabs.sandbox import child

    write = child._write
    child._write = lambda data: (write(data), write(data))
    return 2 * x
