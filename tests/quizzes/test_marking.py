"""What answers are worth, and which sentences meet the answers that cannot be marked."""

import contextlib
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.marking import MalformedAnswer, mark, score_ticks


@dataclass(frozen=True)
class Option:
    key: str
    correct: bool


@dataclass(frozen=True)
class Point:
    key: str
    weight: int


OPTIONS = [Option("a", True), Option("b", True), Option("c", False), Option("d", False)]
ONE = [Option("a", False), Option("b", True)]


def score(kind: str, spec: dict[str, Any], answer: dict[str, Any]) -> float | None:
    return mark(kind, spec, OPTIONS, answer).score


def test_the_right_option_scores_one_and_any_other_nothing() -> None:
    assert mark("single", {}, ONE, {"choice": "b"}).correct
    assert mark("single", {}, ONE, {"choice": "a"}).score == 0


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [("ab", 1.0), ("a", 0.5), ("ac", 0.0), ("abc", 0.5), ("abcd", 0.0), ("cd", 0.0), ("c", 0.0)],
)
def test_multiple_choice_gives_partial_credit_and_takes_it_back_for_wrong_ticks(ticked: str, expected: float) -> None:
    assert score("multiple", {}, {"choices": list(ticked)}) == pytest.approx(expected)


@given(st.lists(st.booleans(), min_size=2, max_size=8))
def test_ticking_every_option_is_worth_nothing_unless_all_are_right(truth: list[bool]) -> None:
    options = [Option(str(number), right) for number, right in enumerate(truth)]
    everything = {"choices": [option.key for option in options]}
    assert mark("multiple", {}, options, everything).score == float(all(truth))


def test_the_parts_of_a_multiple_choice_say_what_was_ticked_and_what_should_be() -> None:
    parts = {part.name: part for part in mark("multiple", {}, OPTIONS, {"choices": ["a", "c"]}).parts}
    assert (parts["a"].right, parts["b"].right, parts["c"].right, parts["d"].right) == (True, False, False, True)
    assert parts["b"].wanted == "ticked"
    assert parts["b"].given == ""


@pytest.mark.parametrize(
    "text",
    [
        "0.0066", ".0066", "6.6e-3", "6.6E-3", "0.66%", "0.66 %", "6.6·10⁻³", "6.6 × 10^-3", "6.6*10**-3",
        r"$6.6\times 10^{-3}$", "66/10000", "≈ 0.0066", "0.00662", " 0.0066 ", "+0.0066", "33 / 5000",
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_many_ways(text: str) -> None:
    assert score("numeric", {"value": 0.0066, "relative": 0.02}, {"text": text}) == 1


@pytest.mark.parametrize("text", ["0.66", "66", "-0.0066", "0.0068", "1/6", "6.6e3", "0"])
def test_another_number_is_wrong(text: str) -> None:
    assert score("numeric", {"value": 0.0066, "relative": 0.02}, {"text": text}) == 0


@pytest.mark.parametrize("text", ["1024 bytes", "1024bytes", "1024 Byte", "1 024", "1024", "1.024e3 bytes"])
def test_a_number_may_carry_its_unit(text: str) -> None:
    assert score("numeric", {"value": 1024, "tolerance": 0, "unit": "bytes"}, {"text": text}) == 1


def test_a_question_in_percent_takes_the_number_with_and_without_the_sign() -> None:
    spec = {"value": 25, "tolerance": 0.5, "unit": "%"}
    assert score("numeric", spec, {"text": "25 %"}) == score("numeric", spec, {"text": "25"}) == 1


def test_the_border_of_the_tolerance_is_within_it() -> None:
    assert score("numeric", {"value": 1, "tolerance": 0.1}, {"text": "1.1"}) == 1
    assert score("numeric", {"value": 1, "tolerance": 0.1}, {"text": "1.1001"}) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0,5", "decimal point as a dot"),
        ("1,000", "1000 rather than 1,000"),
        ("many", "is not a number"),
        ("12 34", "is not a number"),
        ("5 GB", "with its unit “bytes”"),
        ("1/0", "zero below the line"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("1e999", "too large"),
        ("", "Write a number"),
        ("1" * 200, "just the number"),
    ],
)
def test_a_text_that_is_no_number_is_met_with_a_sentence_that_helps(text: str, sentence: str) -> None:
    with pytest.raises(MalformedAnswer, match=sentence):
        mark("numeric", {"value": 1, "tolerance": 0.1, "unit": "bytes"}, [], {"text": text})


@pytest.mark.parametrize(
    ("given_text", "accepted"),
    [
        ("Hyperbolic  Tangent", "hyperbolic tangent"),
        ("TANH", r"$\tanh$"),
        ("σ", r"$\sigma$"),
        ("sigma", "σ"),
        ("W_hh", r"$\mathbf{W}_{hh}$"),
        ("h_{t-1}", "$h_{t−1}$"),
        ("hₜ", "$h_t$"),
        ("h²", "$h^2$"),
        ("h**2", "$h^{2}$"),
        ("pre-activation", "preactivation"),
        ("1/2", "0.5"),
        ("Wᵀ", r"$W^\top$"),
        ("a * b", r"$a \cdot b$"),
        ("hidden state.", "hidden state"),
    ],
)
def test_a_gap_is_read_without_regard_to_case_spacing_and_tex(given_text: str, accepted: str) -> None:
    assert score("cloze", {"gaps": [["something else", accepted]]}, {"gaps": [given_text]}) == 1


@pytest.mark.parametrize(
    ("given_text", "accepted"), [("n-m", "nm"), ("h2", "$h^2$"), ("", "x"), ("r", "z"), (" $ ", "x")]
)
def test_a_gap_with_another_meaning_is_wrong(given_text: str, accepted: str) -> None:
    assert score("cloze", {"gaps": [[accepted], ["x"]]}, {"gaps": [given_text, "x"]}) == 0.5


def test_a_predicted_output_is_compared_line_by_line() -> None:
    spec = {"expected": "1\n2\n3", "accept": ["one\ntwo"]}
    assert score("output", spec, {"text": "1  \r\n2\n3\n\n"}) == 1
    assert score("output", spec, {"text": "one\ntwo"}) == 1
    assert score("output", spec, {"text": "1\n2"}) == pytest.approx(2 / 3)
    assert score("output", spec, {"text": " 1\n2\n3"}) == pytest.approx(2 / 3)


def test_naming_the_line_of_the_bug_scores_one_and_naming_all_lines_next_to_nothing() -> None:
    spec = {"lines": [7], "code_lines": 10}
    assert score("bug", spec, {"lines": [7], "text": "it swaps the gates"}) == 1
    assert score("bug", spec, {"lines": [7, 8]}) == 0.5
    assert score("bug", spec, {"lines": list(range(1, 11))}) == pytest.approx(0.1)
    assert score("bug", spec, {"lines": [3]}) == 0


def test_open_and_derive_wait_for_the_learners_own_ticks() -> None:
    assert score("open", {}, {"text": "It shares weights."}) is None
    assert score("derive", {}, {"text": "By the chain rule."}) is None


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", {}), ("single", {"choice": ["a"]}), ("single", {"choice": "zz"}),
        ("multiple", {"choices": []}), ("multiple", {"choices": "ab"}), ("multiple", {"choices": ["zz"]}),
        ("multiple", {"choices": [1]}),
        ("numeric", {"text": 3}), ("cloze", {"gaps": ["a", "b"]}), ("cloze", {"gaps": ["  "]}),
        ("cloze", {"gaps": [1]}),
        ("cloze", {"gaps": ["x" * 30_000]}), ("output", {"text": "  "}), ("output", {}),
        ("bug", {"lines": []}), ("bug", {"lines": ["7"]}), ("bug", {"lines": [True]}), ("bug", {"lines": [0]}),
        ("bug", {"lines": [11]}), ("open", {"text": ""}), ("open", {"text": "x" * 30_000}), ("derive", {"text": "\0"}),
        ("open", ["text"]),
    ],
)  # fmt: skip
def test_an_answer_of_another_form_is_refused_with_a_plain_sentence(kind: str, answer: Any) -> None:
    spec = {"value": 1, "tolerance": 0, "gaps": [["x"]], "expected": "1", "lines": [7], "code_lines": 10}
    with pytest.raises(MalformedAnswer) as refusal:
        mark(kind, spec, OPTIONS, answer)
    assert str(refusal.value).endswith(".")


@given(st.text(max_size=60))
def test_any_text_is_either_marked_or_refused_with_a_sentence(text: str) -> None:
    for kind, spec in (
        ("numeric", {"value": 1, "tolerance": 0}),
        ("cloze", {"gaps": [["x"]]}),
        ("output", {"expected": "1"}),
    ):
        answer = {"gaps": [text]} if kind == "cloze" else {"text": text}
        with contextlib.suppress(MalformedAnswer):  # and nothing but MalformedAnswer
            assert 0 <= (mark(kind, spec, [], answer).score or 0) <= 1


def test_a_mark_can_be_kept_as_json() -> None:
    assert mark("bug", {"lines": [2]}, [], {"lines": [2]}).as_json() == {
        "score": 1.0,
        "parts": [{"name": "2", "right": True, "given": "ticked", "wanted": "ticked"}],
    }


def test_ticks_add_up_to_the_six_of_ten_line() -> None:
    points = [Point("a", 4), Point("b", 2), Point("c", 3), Point("d", 1)]
    six = score_ticks(points, {"a", "b"})
    assert (six.points, six.adequate, six.outstanding, six.missed, six.score) == (6, True, False, ("c", "d"), 0.6)
    assert not score_ticks(points, ["a"]).adequate
    assert score_ticks(points, ["a", "b", "c"]).outstanding
    assert score_ticks(points, []).points == 0
    with pytest.raises(MalformedAnswer, match="no point “z”"):
        score_ticks(points, ["z"])
