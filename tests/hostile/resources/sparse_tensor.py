# ruff: noqa
"""Return a sparse tensor of a few bytes that stands for a trillion numbers.

expects: malformed
runtime: torch
"""

import torch


def attack(x):
    return torch.sparse_coo_tensor(torch.tensor([[0], [0]]), torch.tensor([1.0]), (1_000_000, 1_000_000))
