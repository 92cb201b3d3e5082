# ruff: noqa
"""Point outside the data.

expects: malformed
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: tensors(
        {"0": {"dtype": "F64", "shape": [2, 3], "data_offsets": [1 << 40, (1 << 40) + 48]}}, bytes(48)
    )
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
