# ruff: noqa
"""Send numbers that their types cannot hold.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0], "ok", ["s", "int8", 4000], None, None, None])
    return 2 * x
