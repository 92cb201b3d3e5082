# ruff: noqa
"""Search every object in memory for secrets of the site.

expects: value
value: []
"""

import gc


def attack(x):
    wanted = "HOSTILE" + "_CANARY"
    return [
        1
        for thing in gc.get_objects()
        if isinstance(thing, dict) and any(isinstance(v, str) and wanted in v for v in thing.values())
    ]
