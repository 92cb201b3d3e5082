"""The torch runtime: tensors both ways, autograd, recurrent layers, and forking that stays safe."""

import subprocess
import sys

import numpy as np
import pytest

from codelabs.sandbox import Outcome, Tensor

pytestmark = pytest.mark.torch

SOURCE = """
import torch

def step(x):
    layer = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    out, _ = layer(x)
    out.square().sum().backward()
    scores = torch.randn(6, 2, 5, requires_grad=True)
    loss = torch.nn.functional.ctc_loss(
        scores.log_softmax(-1), torch.randint(1, 5, (2, 3)), torch.tensor([6, 6]), torch.tensor([3, 3])
    )
    loss.backward()
    torch.linalg.svd(torch.randn(6, 6))
    model = torch.nn.Linear(3, 3)
    torch.optim.AdamW(model.parameters()).step()
    return layer.weight_hh_l0.grad.shape == (16, 4) and bool(torch.isfinite(scores.grad).all())

def kinds(x):
    return x, x.to(torch.bfloat16), x.detach() > 0, x.dtype

def same(*tensors):
    return tensors

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))
    def forward(self, x):
        return self.weight * x
"""


@pytest.fixture
def box(boxes):
    with boxes.box("torch") as box:
        assert box.load("submission", SOURCE).outcome is Outcome.OK
        yield box


def test_tensors_travel_both_ways(box):
    mine = (
        Tensor(np.ones((2, 2), np.float32), "float32", True),
        Tensor(np.float32([0.5]), "bfloat16"),
        Tensor(np.array(3), "int64"),
        Tensor(np.array([1 + 2j]), "complex128"),
    )
    answer = box.call("submission:same", mine)
    assert answer.outcome is Outcome.OK, answer
    for one, back in zip(mine, answer.value, strict=True):
        assert (back.dtype, back.requires_grad, back.array.dtype) == (one.dtype, one.requires_grad, one.array.dtype)
        assert np.array_equal(back.array, one.array)


def test_what_is_no_value_is_named(box):
    answer = box.call("submission:kinds", (Tensor(np.ones(2, np.float32), "float32"),))
    assert answer.outcome is Outcome.MALFORMED
    assert "dtype" in answer.error.message


def test_a_module_can_be_kept_and_called(box):
    assert box.call("submission:Net", keep="net").outcome is Outcome.OK
    answer = box.call("$net", (Tensor(np.float32([2, 3]), "float32"),))
    assert (answer.value.array.tolist(), answer.value.requires_grad) == ([2, 3], True)


def test_forks_of_a_warm_zygote_compute_again_and_again(boxes):
    x = Tensor(np.ones((5, 2, 3), np.float32), "float32")
    for _ in range(30):
        with boxes.box("torch") as box:
            box.load("submission", SOURCE)
            answer = box.call("submission:step", (x,))
            assert (answer.outcome, answer.value) == (Outcome.OK, True), answer


def test_the_site_never_imports_torch():
    script = """
import sys
from codelabs.sandbox import pool
with pool().box("torch") as box:
    box.load("s", "import torch\\ndef f(): return torch.ones(2)")
    assert box.call("s:f").value.array.tolist() == [1, 1]
assert not [name for name in sys.modules if name.split(".")[0] in ("torch", "django")]
print("well")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("well\n", "")
