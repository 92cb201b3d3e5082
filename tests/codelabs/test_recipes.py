"""The recipe's pieces: sizes, relations, gradients, statistics with a proven rate of false failures, and cost."""

from typing import Any

import numpy as np
import pytest

from codelabs.labkit import draw, gradients, relations, statistics
from codelabs.labkit.cases import case
from codelabs.labkit.recipe import cost, standard
from codelabs.labkit.script import Script, generator, given


def arguments(rng: np.random.Generator, B: int, D: int) -> tuple[Any, ...]:
    return draw.states(rng, B, D), draw.weights(rng, D, D), draw.biases(rng, D)


def test_a_recipe_over_time_asks_for_a_single_step() -> None:
    def build(rng: np.random.Generator, B: int, T: int) -> tuple[Any, ...]:
        return (draw.states(rng, B, T),)

    found = {made.id: made for made in standard(np.random.default_rng(1), "BT", build)}
    assert found["single-step"].args[0].shape[1] == 1


def test_cost_cases_have_two_sizes_and_other_numbers_for_every_try() -> None:
    small, large = cost(np.random.default_rng(1), arguments, {"B": 3, "D": 2}, {"B": 30, "D": 2}, times=15)
    assert small.args[0].shape == (3, 2)
    assert large.args[0].shape == large.again[0][0].shape == large.again[1][0].shape == (30, 2)
    assert not np.array_equal(large.again[0][0], large.again[1][0])
    assert small.cost == large.cost == 15
    assert not small.visible
    assert not large.visible


def no_judge(answer: Any) -> str:
    return ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"script": Script(), "args": (1,)},
        {"script": Script(), "cost": 5},
        {"cost": 0.5},
        {"cost": 5, "judge": no_judge},
        {"cost": 5},
        {"judge": lambda answer: ""},
        {"judge": no_judge, "args": (generator(1),)},
        {"changes": (0,), "args": (given.thing,)},
    ],
)
def test_combinations_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"case 'fine'"):
        case("fine", why="Because.", **wrong)


def test_a_dict_may_not_look_like_an_expression() -> None:
    with pytest.raises(ValueError, match="may not have the key"):
        Script().let("f", {"\0": "name"})


def test_the_parts_of_what_only_the_box_knows_are_taken_by_index() -> None:
    with pytest.raises(TypeError, match="by their index"):
        _, _ = Script().call("f")


P = [0.5, 0.2, 0.25, 0.05, 0.0]


def test_right_samples_are_refused_no_more_often_than_promised() -> None:
    """At rates that can be counted: 1,000 right sets of samples, at most as many refusals as the rate allows."""
    rng = np.random.default_rng(5)
    refused = dict.fromkeys(("frequencies", "distribution", "share", "mean"), 0)
    for _ in range(1_000):
        drawn = rng.choice(len(P), size=40, p=P)
        uniform = rng.uniform(-1, 2, 40)
        refused["frequencies"] += bool(statistics.frequencies(drawn, P, 40, rate=0.05))
        refused["distribution"] += bool(statistics.distribution(uniform, statistics.uniform_cdf(-1, 2), 40, rate=0.05))
        refused["share"] += bool(statistics.share(int((drawn == 0).sum()), 40, 0.5, rate=0.05))
        refused["mean"] += bool(statistics.mean(uniform, 0.5, -1, 2, 40, rate=0.05))
    assert all(count <= 50 for count in refused.values()), refused


def test_wrong_samples_are_refused_at_the_rate_that_labs_use() -> None:
    rng = np.random.default_rng(6)
    n = 4_000
    assert statistics.frequencies(rng.choice(5, size=n, p=P), P, n) == ""
    assert "frequencies" in statistics.frequencies(rng.choice(5, size=n, p=[0.4, 0.3, 0.25, 0.05, 0.0]), P, n)
    assert "probability of zero" in statistics.frequencies(np.append(rng.choice(5, size=n - 1, p=P), 4), P, n)
    assert "outside" in statistics.frequencies(np.array([0, 5]), P, 2)
    assert "whole numbers" in statistics.frequencies(rng.random(n), P, n)
    assert statistics.frequencies(np.zeros(9, int), [1.0], 9) == ""
    assert statistics.distribution(rng.standard_normal(n), statistics.normal_cdf(), n) == ""
    assert statistics.distribution(1.2 * rng.standard_normal(n), statistics.normal_cdf(), n)
    assert statistics.distribution(rng.uniform(0, 1.1, n), statistics.uniform_cdf(0, 1), n)
    assert statistics.distribution([np.nan], statistics.normal_cdf(), 1)
    assert statistics.share(1_000, n, 0.25) == ""
    assert statistics.share(1_300, n, 0.25)
    assert statistics.share(n, n, 1.0) == ""
    assert statistics.share(n - 1, n, 1.0)
    assert statistics.share(5, 4, 0.5)
    assert statistics.mean(rng.uniform(0, 2, n), 1.0, 0, 2, n) == ""
    assert statistics.mean(rng.uniform(0, 1.8, n), 1.0, 0, 2, n)
    assert statistics.mean([3.0], 1.0, 0, 2, 1)


def test_fewer_samples_than_asked_for_are_refused_however_well_they_fit() -> None:
    """One sample fits any distribution."""
    rng = np.random.default_rng(8)
    for few in (0, 1, 39, 41):
        assert statistics.frequencies(rng.choice(5, size=few, p=P), P, 40) == statistics.NUMBER
        assert statistics.distribution(rng.uniform(0, 1, few), statistics.uniform_cdf(0, 1), 40) == statistics.NUMBER
        assert statistics.mean(rng.uniform(0, 1, few), 0.5, 0, 1, 40) == statistics.NUMBER


def test_central_differences_agree_with_the_gradient_and_notice_a_wrong_one() -> None:
    rng = np.random.default_rng(7)
    x, W, above = rng.standard_normal((3, 4)), rng.standard_normal((4, 2)), rng.standard_normal((3, 2))

    def f(x: Any, W: Any) -> Any:
        return np.tanh(x @ W)

    through = above * (1 - f(x, W) ** 2)
    np.testing.assert_allclose(gradients.central(f, (x, W), 1, above), x.T @ through, rtol=1e-7, atol=1e-9)
    right = {0: through @ W.T, 1: x.T @ through}
    assert gradients.along(f, (x, W), right, rng, above) < 1e-7
    assert gradients.along(f, (x, W), right | {1: 1.01 * right[1]}, rng, above) > 1e-5


def test_relations_change_what_must_not_matter_and_nothing_else() -> None:
    rng = np.random.default_rng(8)
    x, lengths = draw.states(rng, 4, 5, 2), np.array([5, 2, 3, 1])
    batch, first, second = relations.one_by_one((x, lengths, 7), (0, 1))
    assert batch.args[0] is x
    assert first.args[0].shape == (1, 5, 2)
    assert (second.args[1].tolist(), second.args[2]) == ([2], 7)

    for made in relations.padding((x, lengths), 0, lengths):
        valid = np.arange(5) < lengths[:, None]
        np.testing.assert_array_equal(made.args[0][valid], x[valid])
        assert not np.isin(made.args[0][~valid], x).any()

    plain, changed = relations.causal((x, 7), (0,), axis=1)
    np.testing.assert_array_equal(changed.args[0][:, :2], x[:, :2])
    assert (changed.args[0][:, 2:] != x[:, 2:]).all()
    assert plain.args[0] is x

    _, moved = relations.permuted((x, lengths), (0, 1), rng)
    assert sorted(moved.args[1].tolist()) == [1, 2, 3, 5]
    _, shifted = relations.moved((x, 7), 0, lambda x: x + 100, name="shift", why="A shift cancels.")
    np.testing.assert_array_equal(shifted.args[0], x + 100)
    assert x.max() < 2


def test_two_ways_that_must_agree_are_judged_on_every_kind_of_answer() -> None:
    x = np.arange(3.0)
    assert relations.agree([(x, {"a": [1.0, None]}, "s"), [x + 1e-12, {"a": [1.0, None]}, "s"]]) == ""
    for other in ((x + 1, {"a": [1.0, None]}, "s"), (x, {"b": [1.0, None]}, "s"), (x, {"a": [1.0, None]}, "t"), (x,)):
        assert relations.agree([(x, {"a": [1.0, None]}, "s"), other])
