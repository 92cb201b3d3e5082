# ruff: noqa
"""Have torch start a compiler.

expects: raised forbidden exited
runtime: torch
"""

import torch.utils.cpp_extension


def attack(x):
    torch.utils.cpp_extension.load_inline("hostile", "int f() { return 1; }", functions=["f"])
    return 2 * x
