# ruff: noqa
"""Return an array of objects that unpickle into a command.

expects: malformed
"""

import os

import numpy as np


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/hostile-left-behind",)


def attack(x):
    return np.array([Command(), Command()], dtype=object)
