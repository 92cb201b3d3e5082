# ruff: noqa
"""Send one large array of complex numbers and name it many thousand times, each of which the parent might copy.

expects: malformed
"""

from codelabs.sandbox import wire

import json

import numpy as np


def attack(x):
    real = json.dumps
    named = [["a", 0, "complex128"]] * 30_000
    wire._write = lambda fields, **__: real(
        [fields[0], "ok", ["l", *named], True, True, None] if isinstance(fields, list) else fields
    )
    return np.ones(100_000, complex)
