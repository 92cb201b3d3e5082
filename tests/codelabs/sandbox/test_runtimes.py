"""Which runtime a file needs is read off its text; labs and receipts ask the same function."""

import pytest

from codelabs.sandbox import imports_torch


@pytest.mark.parametrize(
    "source",
    [
        "import torch",
        "import numpy, torch.nn as nn",
        "from torch.nn import LSTM",
        "def f():\n    import torch",
    ],
)
def test_a_file_that_imports_torch_anywhere_needs_it(source: str) -> None:
    assert imports_torch(source)


@pytest.mark.parametrize(
    "source",
    ["", "import torchless", "from . import torch", "from .torch import nn", "# import torch", "'import torch'"],
)
def test_what_only_looks_like_torch_needs_nothing(source: str) -> None:
    assert not imports_torch(source)


@pytest.mark.parametrize("source", ["import torch\n(", "\0"])
def test_a_file_that_does_not_parse_fails_in_any_box(source: str) -> None:
    assert not imports_torch(source)
