# ruff: noqa
"""Send rubbish for arrays.

expects: malformed
"""

from codelabs.sandbox import wire

import json
import struct


def attack(x):
    wire.pack_arrays = lambda arrays: b"rubbish" * 100
    return 2 * x


def tensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
