# ruff: noqa
"""Answer with the number of another question.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0] + 1, *fields[1:]])
    return 2 * x
