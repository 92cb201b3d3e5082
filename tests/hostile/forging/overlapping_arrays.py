# ruff: noqa
"""Have arrays overlap.

expects: malformed
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: tensors(
        {str(n): {"dtype": "F64", "shape": [6], "data_offsets": [0, 48]} for n in range(3)}, bytes(48)
    )
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
