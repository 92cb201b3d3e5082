# ruff: noqa
"""Leave a mark in every module for the next submission.

expects: right
twice: yes
"""

import builtins
import sys

import numpy as np


def attack(x):
    marked = hasattr(builtins, "hostile_mark") or any(
        hasattr(module, "hostile_mark") for module in sys.modules.values()
    )
    builtins.hostile_mark = True
    for module in list(sys.modules.values()):
        try:
            module.hostile_mark = True
        except Exception:
            pass
    np.core_mark = True
    return 0 * x if marked and not hasattr(attack, "mine") else (setattr(attack, "mine", True), 2 * x)[1]
