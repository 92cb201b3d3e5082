# ruff: noqa
"""Send a dictionary whose keys all have one hash, so that building it takes the parent the square of their number.

expects: malformed
"""

from codelabs.sandbox import wire

import json

SAME = 2**61 - 1


def attack(x):
    real = json.dumps
    keys = [[number * SAME, 0] for number in range(60_000)]
    wire._write = lambda fields, **__: real([fields[0], "ok", ["d", *keys], True, True, None])
    return 2 * x
