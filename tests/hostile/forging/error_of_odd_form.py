# ruff: noqa
"""Report an error that is none.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0], "raised", None, None, None, ["E", "m", [["f", "x", 1]], {}]])
    return 2 * x
