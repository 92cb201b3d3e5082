# ruff: noqa
"""Send nodes that are not of the language.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0], "ok", ["eval", "__import__('os')"], None, None, None])
    return 2 * x
