# ruff: noqa
"""Write what looks like an answer to every descriptor.

expects: malformed
"""

import json
import os
import struct


def attack(x):
    skeleton = json.dumps([0, "ok", ["a", 0, "float64"], None, None, None]).encode()
    for number in range(64):
        try:
            os.write(number, struct.pack("!4sIQ", b"box1", len(skeleton), 0) + skeleton)
        except OSError:
            pass
    return 2 * x
