# ruff: noqa
"""Answer with the number of this question, twice.

expects: malformed
"""

import os
import sys


def attack(x):
    from codelabs.sandbox import child

    send = child.Desk._send
    child.Desk._send = lambda self, *fields: (send(self, *fields), send(self, *fields))
    return 2 * x
