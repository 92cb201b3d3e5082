# ruff: noqa
"""Name a hundred thousand empty arrays.

expects: answer_arrays
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: tensors(
        {str(n): {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for n in range(6_000)}, b""
    )
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
