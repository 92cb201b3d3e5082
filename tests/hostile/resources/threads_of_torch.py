# ruff: noqa
"""Have torch start threads where none are granted.

expects: crashed exited threads raised right
runtime: torch
"""

import numpy as np
import torch


def attack(x):
    torch.set_num_threads(16)
    big = torch.ones(800, 800)
    for _ in range(5):
        big = torch.tanh(big @ big)
    return 2 * x
