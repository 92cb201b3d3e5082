"""The torch runtime: tensors both ways, autograd, recurrent layers, and forking that stays safe."""

import subprocess
import sys
import threading

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


@pytest.mark.parametrize(
    ("change", "changed"),
    [("pass", False), ("x.data.mul_(2)", True), ("y[0].requires_grad_(True)", True), ("y[0] = y[0] + 1", True)],
)
def test_a_change_of_a_tensor_comes_back(boxes, change, changed):
    given = Tensor(np.float32([1, 2]), "float32", True), [Tensor(np.ones(3), "float64")]
    with boxes.box("torch") as box:
        box.load("submission", f"def f(x, y):\n    {change}\n")
        back = box.call("submission:f", given, return_arguments=True).arguments
    said = [(one.array.tolist(), one.requires_grad) for one in (back[0], back[1][0])]
    assert (said != [([1, 2], True), ([1, 1, 1], False)]) == changed


def test_the_warm_up_covers_what_learners_touch_first(boxes):
    """Each of these imports modules when it is first used; in a box nothing of that is left to do."""
    source = """
import sys
import numpy as np
import torch

def modules():
    before = set(sys.modules)
    np.random.default_rng(0).normal(size=3), np.random.rand(2), np.linalg.svd(np.eye(3)), np.linalg.eigh(np.eye(3))
    torch.nn.LSTM(3, 4, bidirectional=True)(torch.randn(5, 2, 3))[0].sum().backward()
    scores = torch.randn(6, 1, 5, requires_grad=True).log_softmax(-1)
    torch.nn.functional.ctc_loss(scores, torch.tensor([[1, 2]]), torch.tensor([6]), torch.tensor([2])).backward()
    torch.linalg.solve(torch.eye(3), torch.ones(3)), torch.optim.Adam([torch.nn.Parameter(torch.ones(2))])
    torch.nn.functional.conv1d(torch.randn(1, 2, 8), torch.randn(3, 2, 3)), torch.distributions
    return sorted(set(sys.modules) - before)
"""
    with boxes.box("torch") as box:
        box.load("submission", source)
        assert box.call("submission:modules").value == []


def test_hundreds_of_forks_run_backward_passes_linear_algebra_and_recurrent_layers(boxes):
    """Several at a time: a lock or a thread that a fork left behind would hang one of them sooner or later."""
    x = Tensor(np.ones((5, 2, 3), np.float32), "float32")
    ended: list[tuple[str, object]] = []

    def work(times: int) -> None:
        for _ in range(times):
            with boxes.box("torch") as box:
                box.load("submission", SOURCE)
                answer = box.call("submission:step", (x,))
                ended.append((answer.outcome, answer.value))

    threads = [threading.Thread(target=work, args=(100,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [(Outcome.OK, True)] * 200
