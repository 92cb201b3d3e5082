# ruff: noqa
"""Poison torch's defaults for the next submission.

expects: right
runtime: torch
twice: yes
"""

import numpy as np
import torch


def attack(x):
    if not hasattr(attack, "mine"):
        attack.mine = True
        if (
            torch.get_default_dtype() is not torch.float32
            or not torch.is_grad_enabled()
            or torch.rand(1).item() != torch.manual_seed(0)
            and abs(torch.rand(1).item() - 0.4962566) > 1e-6
        ):
            return 0 * x
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    torch.manual_seed(7)
    return 2 * np.asarray(x)
