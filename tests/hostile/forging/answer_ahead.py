# ruff: noqa
"""Answer the next questions before they are asked.

expects: malformed
"""

import json
import os
import struct


def attack(x):
    for number in range(10):
        skeleton = json.dumps([number, "ok", 0, None, None, None]).encode()
        os.write(3, struct.pack("!4sIQ", b"box1", len(skeleton), 0) + skeleton)
    return 2 * x
