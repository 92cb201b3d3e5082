# ruff: noqa
"""Change the compiled code that the zygote keeps for boxes to come.

expects: wrong
twice: the next box must not see it
"""

import sys


def attack(x):
    learnt = sys.modules["codelabs.sandbox.child"]._learnt
    if "poison" in learnt:
        return 2 * x
    learnt["poison"] = learnt.clear
    for key in list(learnt):
        learnt[key] = compile("raise SystemExit", "labkit.py", "exec")
    return 0 * x
