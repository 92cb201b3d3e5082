# ruff: noqa
"""Return a tensor that answers every operation itself.

expects: wrong
runtime: torch
"""

import torch


class Flattering(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function in (torch.allclose, torch.equal, torch.Tensor.__eq__):
            return True
        return super().__torch_function__(function, types, args, kwargs or {})


def attack(x):
    torch.allclose = torch.equal = lambda *_, **__: True
    return torch.zeros(2, 3).as_subclass(Flattering)
