"""What authors write with: cases that cannot be misused, inputs that leave no place to hide, banned names found."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelabs.labkit import banned, draw
from codelabs.labkit.cases import case
from codelabs.labkit.perform import perform
from codelabs.labkit.recipe import standard
from codelabs.labkit.script import Script, written


def arguments(rng: np.random.Generator, B: int, D: int) -> tuple[Any, ...]:
    return draw.states(rng, B, D), draw.weights(rng, D, D), draw.biases(rng, D)


@given(st.integers(0, 2**32 - 1))
def test_sizes_are_pairwise_different(seed: int) -> None:
    sizes = draw.sizes(np.random.default_rng(seed), "BTDH")
    assert len(set(sizes.values())) == 4
    assert all(2 <= size <= 9 for size in sizes.values())


@given(st.integers(0, 2**32 - 1))
def test_biases_and_states_are_never_near_zero_and_extremes_are_extreme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert (np.abs(draw.biases(rng, 4, 3)) >= 0.3).all()
    assert (np.abs(draw.states(rng, 4, 3)) >= 0.2).all()
    assert (np.abs(draw.extremes(rng, 4, 3)) >= 5e3).all()


def test_casting_reaches_into_tuples_lists_and_dicts_and_leaves_integers_alone() -> None:
    value = (np.ones(2), [np.ones(2)], {"n": np.array([1]), "x": np.ones(1)}, 3)
    cast = draw.cast(value, "float32")
    assert cast[0].dtype == cast[1][0].dtype == cast[2]["x"].dtype == np.float32
    assert cast[2]["n"].dtype == np.int64
    assert cast[3] == 3


def test_the_standard_recipe_has_every_case_that_the_curriculum_asks_for() -> None:
    found = {made.id: made for made in standard(np.random.default_rng(1), "BD", arguments, extreme=(0,))}
    assert set(found) == {
        "small", "sizes-1", "sizes-2", "sizes-3", "one-example", "equal-sizes", "larger", "float32", "extreme-values",
    }  # fmt: skip
    assert [name for name, made in found.items() if made.visible] == ["small"]
    assert found["one-example"].args[0].shape[0] == 1
    assert found["equal-sizes"].args[0].shape == (4, 4)
    assert all(argument.dtype == np.float32 for argument in found["float32"].args)
    assert found["float32"].rtol == 1e-4
    assert np.abs(found["extreme-values"].args[0]).min() > 1e3
    assert np.abs(found["extreme-values"].args[2]).max() < 10


def test_a_lab_may_draw_extreme_values_of_its_own() -> None:
    made = standard(np.random.default_rng(1), "BD", arguments, extreme=())
    assert [one.id for one in made][-1] == "float32"


def test_the_same_seed_gives_the_same_cases_and_another_seed_others() -> None:
    def first(seed: int) -> Any:
        return next(standard(np.random.default_rng(seed), "BD", arguments)).args[0]

    assert (first(1) == first(1)).all()
    assert (first(1) != first(2)).any()


@pytest.mark.parametrize(
    "wrong",
    [{"id": "Two Words"}, {"why": " "}, {"why": "a\nb"}, {"rtol": -1.0}, {"rtol": 1.0}, {"atol": -1e-9}],
)
def test_a_case_that_is_misused_says_so(wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {"id": "fine", "why": "Because."}
    with pytest.raises(ValueError, match=r"case|id"):
        case(**(good | wrong))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import torch", 1),
        ("import torch.nn as nn", 1),
        ("from torch import nn", 1),
        ("x = 1\nimport numpy, torch", 2),
        ("__import__('torch')", 1),
        ("import importlib\nimportlib.import_module('torch.nn')", 2),
        ("from importlib import import_module as im\nim('torch')", 2),
    ],
)
def test_a_banned_module_is_found_however_it_is_imported(source: str, line: int) -> None:
    assert banned.find(source, ["torch"])[0] == (line, "torch")


@pytest.mark.parametrize(
    "use",
    [
        "import torch\ny = torch.nn.LSTM(1, 2)",
        "import torch.nn as n\ny = n.LSTM",
        "from torch import nn as n\ny = n.LSTM",
        "from torch.nn import LSTM as Mine\nMine()",
        "from torch.nn import *\nLSTM()",
        "import torch\nn = torch.nn\nclass A(n.LSTM): pass",
        "import torch\ny = getattr(torch.nn, 'LSTM')",
        "def f():\n    return torch.nn.LSTM\nimport torch",
    ],
)
def test_a_banned_function_is_found_under_every_alias(use: str) -> None:
    assert [name for _, name in banned.find(use, ["torch.nn.LSTM"])][:1] == ["torch.nn.LSTM"]


@pytest.mark.parametrize(
    "source",
    ["import torch\ntorch.nn.Linear", "LSTM = 1\nprint(LSTM)", "'torch.nn.LSTM'", "# torch.nn.LSTM", "def f(:"],
)
def test_what_only_looks_like_a_banned_name_is_left_alone(source: str) -> None:
    assert banned.find(source, ["torch.nn.LSTM"]) == []


def test_a_guarded_function_raises_where_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "fliplr", np.fliplr)  # restored afterwards
    banned.guard(["numpy.fliplr", "numpy.there_is_no_such_name", "nowhere.at_all"])
    with pytest.raises(banned.Forbidden, match=r"numpy\.fliplr is not allowed in this lab"):
        np.fliplr(np.eye(2))


def test_what_a_guarded_module_defines_is_refused_by_its_own_name_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    outer, inner = ModuleType("outer"), ModuleType("outer.inner")
    exec("def work():\n    return 1\n", inner.__dict__)
    inner.borrowed = len  # type: ignore[attr-defined]
    outer.inner = inner  # type: ignore[attr-defined]
    for module in (outer, inner):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    inner.work.__module__ = "outer.inner"
    banned.guard(["outer.inner"])
    with pytest.raises(banned.Forbidden, match=r"outer\.inner\.work is not allowed"):
        sys.modules["outer.inner"].work()
    assert sys.modules["outer.inner"].borrowed("ab") == 2


def test_what_a_script_hands_over_arrives_as_it_is_whatever_stands_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text knows lists and names only; tuples, whole numbers as keys, and what a value holds come through as well."""
    module, told = ModuleType("handed"), []
    vars(module).update(told=told, take=lambda *args, **kwargs: told.append((args, kwargs)))
    monkeypatch.setitem(sys.modules, "handed", module)
    array, nested = np.arange(3.0), {"sizes": (2, 3), 4: [np.float32(0.5), None, b"raw"]}
    do = Script()
    one = do.value(array)
    do.call("take", one, (one, 1), [one, "two"], {3: one, "x": (one,)}, array, nested, -0.0, True, 10**30, key=(1, 2))
    text, values, owners = written(do.steps)
    assert perform("handed", text, values)[0] == {"value": None}
    (args, kwargs) = told[0]
    assert args[0] is not array
    assert args[0] is args[1][0] is args[2][0] is args[3][3] is args[3]["x"][0]
    assert [type(part) for part in args[:4]] == [np.ndarray, tuple, list, dict]
    assert (args[1][1], args[2][1], list(args[3]), type(args[3]["x"])) == (1, "two", [3, "x"], tuple)
    assert args[4] is array
    assert (args[5] is values[2], repr(args[5])) == (True, repr(nested))
    assert [repr(part) for part in args[6:]] == ["-0.0", "True", str(10**30)]
    assert kwargs == {"key": (1, 2)}
    assert owners == (0, 1, 1, 1)
