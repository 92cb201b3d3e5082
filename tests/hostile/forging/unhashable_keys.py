# ruff: noqa
"""Send a dictionary whose keys are dictionaries.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0], "ok", ["d", [["d"], 1]], None, None, None])
    return 2 * x
