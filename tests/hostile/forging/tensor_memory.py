# ruff: noqa
"""Ask torch for more memory than there is.

expects: memory
runtime: torch
"""

import torch


def attack(x):
    return torch.ones(1 << 34)
