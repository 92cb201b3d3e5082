# ruff: noqa
"""Have torch unpickle what it is given.

expects: raised forbidden
runtime: torch
"""

import io
import os
import pickle

import torch


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/hostile-left-behind",)


def attack(x):
    return torch.load(io.BytesIO(pickle.dumps(Command())), weights_only=False)
