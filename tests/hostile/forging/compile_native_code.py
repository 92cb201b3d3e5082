# ruff: noqa
"""Have torch write and compile C++.

expects: raised forbidden
runtime: torch
"""

import torch


def attack(x):
    return torch.compile(lambda y: 2 * y)(torch.ones(3))
