# ruff: noqa
"""Change the input, answer for the changed one, and say that nothing was changed.

expects: wrong
"""

import sys


def attack(x):
    sys.modules["codelabs.sandbox.sent"].Sent.unchanged = lambda sent: True
    x[...] = 0
    return 2 * x
