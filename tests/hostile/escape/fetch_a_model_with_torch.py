# ruff: noqa
"""Download a model.

expects: raised forbidden
runtime: torch
"""

import torch


def attack(x):
    torch.hub.load_state_dict_from_url("http://127.0.0.1/model.pt", model_dir="/")
    return 2 * x
