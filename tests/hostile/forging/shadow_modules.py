# ruff: noqa
"""Put other modules in the place of those that answer.

expects: wrong malformed raised exited
"""

import sys
import types


def attack(x):
    for name in list(sys.modules):
        if name.startswith(("codelabs", "safetensors", "json", "numpy")):
            sys.modules[name] = types.ModuleType(name)
    return 0 * x
