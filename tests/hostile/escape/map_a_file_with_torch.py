# ruff: noqa
"""Map a file of the host as the memory of a tensor.

expects: raised
runtime: torch
"""

import torch


def attack(x):
    return torch.from_file("/etc/passwd", shared=False, size=64, dtype=torch.uint8).numpy()
