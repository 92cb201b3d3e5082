# ruff: noqa
"""Load torch's library where torch does not exist.

expects: value
value: []
"""

import ctypes
import os

import numpy as np


def attack(x):
    site = os.path.dirname(os.path.dirname(np.__file__))
    found = []
    for path in ("torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "nh3/nh3.abi3.so"):
        try:
            ctypes.CDLL(os.path.join(site, path))
            found.append(path)
        except OSError:
            pass
    return found
