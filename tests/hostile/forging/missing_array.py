# ruff: noqa
"""Name no array at all.

expects: malformed
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: tensors({}, b"")
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
