# ruff: noqa
"""Announce a shape without its data.

expects: malformed
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: tensors(
        {"0": {"dtype": "F64", "shape": [1 << 31, 1 << 31], "data_offsets": [0, 48]}}, bytes(48)
    )
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
