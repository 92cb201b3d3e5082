"""First uses, made in the zygote so that no learner waits for them: code paged in, modules imported, caches filled.

Everything here runs on one thread and leaves none behind, because a fork copies only the thread that calls it. At the
end all that chance and settings could have touched is as new.
"""

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

# Modules of the standard library that learners' code commonly imports; reading them from disk costs more than a call.
COMMON = """
    abc bisect cmath collections contextlib copy dataclasses decimal enum fractions functools heapq inspect itertools
    json math numbers operator random re statistics string textwrap time types typing warnings
"""


def warm_numpy() -> None:
    for name in COMMON.split():
        importlib.import_module(name)
    rng = np.random.default_rng(0)
    for dtype in (np.float64, np.float32):
        square: npt.NDArray[Any] = (rng.normal(size=(8, 8)) + 8 * np.eye(8)).astype(dtype)
        np.linalg.inv(square) @ np.linalg.solve(square, square)
        np.linalg.svd(square), np.linalg.qr(square), np.linalg.eigh(square @ square.T), np.linalg.norm(square)
        np.einsum("ij,jk->ik", square, square), np.tanh(square), np.exp(-square), np.log1p(abs(square))
        np.concatenate([square, square], axis=1), np.argsort(square, axis=0), np.pad(square, 1)
        np.allclose(square, square), square.sum(axis=0, keepdims=True).astype(np.int64)
        str(square)
    np.fft.fft(np.arange(8.0))
    rng.permutation(5), rng.choice(5, size=2), rng.standard_normal(3), rng.integers(0, 3, size=4)
    np.random.RandomState(0).randn(3)


def warm_torch(torch: Any) -> None:
    """Operators, autograd, an LSTM and a CTC loss, forward and backward."""
    functional = torch.nn.functional
    torch.manual_seed(0)
    layer = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    out, _ = layer(torch.randn(5, 2, 3))
    out.square().sum().backward()
    torch.nn.GRU(3, 4)(torch.randn(5, 2, 3))[0].sum().backward()
    scores = torch.randn(6, 2, 5, requires_grad=True)
    lengths = torch.tensor([6, 6])
    functional.ctc_loss(scores.log_softmax(-1), torch.randint(1, 5, (2, 3)), lengths, torch.tensor([3, 3])).backward()
    x = torch.randn(2, 3, 8, 8, requires_grad=True)
    y = functional.conv2d(x, torch.randn(4, 3, 3, 3, requires_grad=True), padding=1)
    functional.layer_norm(functional.relu(y), (8, 8)).mean().backward()
    functional.scaled_dot_product_attention(x, x, x).sum().backward()
    model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.Tanh(), torch.nn.Dropout(0.1), torch.nn.Linear(8, 3))
    optimiser = torch.optim.Adam(model.parameters())
    functional.cross_entropy(model(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0])).backward()
    optimiser.step()
    torch.linalg.inv(torch.eye(3)), torch.einsum("ij,jk->ik", torch.eye(3), torch.eye(3))
    with torch.no_grad():
        str(model(torch.randn(1, 8)))


def as_new(torch: Any = None) -> None:
    """Seeds, error state, default type and grad mode as a fresh process has them, but for seeds, which are fixed."""
    np.random.seed(0)
    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    if torch is not None:
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
