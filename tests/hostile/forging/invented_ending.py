# ruff: noqa
"""Report an ending that does not exist, or is not the box's to report.

expects: malformed
"""

from codelabs.sandbox import wire

import json


def attack(x):
    real = json.dumps
    wire._write = lambda fields, **__: real([fields[0], "broken", *fields[2:]])
    return 2 * x
