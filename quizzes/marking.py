"""Marking: what an answer is worth. Pure: a kind, what the question wants, and the answer go in; a Mark comes out.

An answer is a JSON object whose form depends on the kind of question:

    single                 {"choice": "key"}
    multiple               {"choices": ["key", …]}
    numeric, output        {"text": "…"}
    open, derive           {"text": "…"}            marked by ticking rubric points, see `score_ticks`
    cloze                  {"gaps": ["…", …]}
    bug                    {"lines": [7], "text": "…"}   the text is the learner's explanation; it is kept, not marked

`spec` is what the question wants, as `Question.spec` holds it:

    numeric   {"value": 0.0066, "relative": 0.02, "tolerance": 0.0001, "unit": "bytes"}   either tolerance will do
    cloze     {"gaps": [["tanh", "hyperbolic tangent"], …]}
    output    {"expected": "…", "accept": ["…"]}
    bug       {"lines": [7], "code_lines": 12}
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from quizzes.answertext import NotANumber, as_number, lines_of, same_words

LONGEST_TEXT = 20_000  # characters
LONGEST_DRAFT = 10 * LONGEST_TEXT  # kept all the same: what is too long to be committed is there to be shortened
ADEQUATE = 6  # points out of ten: the line of the rubric
OUTSTANDING = 9


class MalformedAnswer(ValueError):  # noqa: N818 - it is the answer that is malformed, not the program
    """The answer cannot be marked. The message is a plain sentence for the learner; nothing was marked."""


class ChoiceLike(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def correct(self) -> bool: ...


class PointLike(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def weight(self) -> int: ...


@dataclass(frozen=True)
class Part:
    """One piece of an answer. `name` is the option's key, or the number of the gap or line, counted from 1.

    For an option `given` and `wanted` are "ticked" or "": the part is right when they agree.
    """

    name: str
    right: bool
    given: str
    wanted: str


@dataclass(frozen=True)
class Mark:
    """`score` runs from 0 to 1, and is None while only the learner's ticks can tell (open, derive)."""

    score: float | None
    parts: tuple[Part, ...] = ()

    @property
    def correct(self) -> bool:
        return self.score == 1

    def as_json(self) -> dict[str, Any]:
        return {"score": self.score, "parts": [asdict(part) for part in self.parts]}


@dataclass(frozen=True)
class TickScore:
    """What the ticked rubric points add up to: `points` out of ten, and the keys of the points that were missed."""

    points: int
    missed: tuple[str, ...]

    @property
    def adequate(self) -> bool:
        return self.points >= ADEQUATE

    @property
    def outstanding(self) -> bool:
        return self.points >= OUTSTANDING

    @property
    def score(self) -> float:
        """From 0 to 1, as `SessionItem.score` holds it."""
        return self.points / 10


def mark(kind: str, spec: Mapping[str, Any], choices: Iterable[ChoiceLike], answer: Mapping[str, Any]) -> Mark:
    """Mark `answer`. Raises MalformedAnswer if it has not the form of its kind, ValueError if there is no such kind."""
    if not isinstance(answer, Mapping):
        raise MalformedAnswer("The answer did not arrive in a form that can be read.")
    if kind == "single":
        return _single(list(choices), answer)
    if kind == "multiple":
        return _multiple(list(choices), answer)
    marker = _MARKERS.get(kind)
    if marker is None:
        raise ValueError(f"no questions of kind {kind!r}")
    return marker(spec, answer)


def score_ticks(points: Iterable[PointLike], ticked: Collection[str]) -> TickScore:
    """Add up the weights of the ticked rubric points. Raises MalformedAnswer for a key that the rubric has not."""
    points = list(points)
    if unknown := set(ticked) - {point.key for point in points}:
        raise MalformedAnswer(f"The rubric has no point “{min(unknown)}”. It may have changed: load the page again.")
    total = sum(point.weight for point in points if point.key in ticked)
    return TickScore(min(total, 10), tuple(point.key for point in points if point.key not in ticked))


def _single(choices: Sequence[ChoiceLike], answer: Mapping[str, Any]) -> Mark:
    key = answer.get("choice")
    if not isinstance(key, str) or not key:
        raise MalformedAnswer("Choose one of the options.")
    parts = _options(choices, {key})
    return Mark(float(any(choice.correct and choice.key == key for choice in choices)), parts)


def _multiple(choices: Sequence[ChoiceLike], answer: Mapping[str, Any]) -> Mark:
    """The share of right options ticked, less the share of wrong options ticked, and never below zero.

    Ticking everything, ticking nothing, and (on average) ticking blindly are all worth nothing.
    """
    keys = answer.get("choices")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise MalformedAnswer("The ticked options did not arrive in a form that can be read.")
    if not keys:
        raise MalformedAnswer("Tick at least one option.")
    parts = _options(choices, set(keys))
    right = [part for part in parts if part.wanted]
    wrong = [part for part in parts if not part.wanted]
    hits = sum(part.right for part in right) / len(right) if right else 0.0
    alarms = sum(not part.right for part in wrong) / len(wrong) if wrong else 0.0
    return Mark(max(0.0, hits - alarms), parts)


def _options(choices: Sequence[ChoiceLike], ticked: set[str]) -> tuple[Part, ...]:
    if unknown := ticked - {choice.key for choice in choices}:
        raise MalformedAnswer(
            f"There is no option “{min(unknown)[:40]}”. The question may have changed: load it again."
        )
    return tuple(
        Part(
            choice.key,
            (choice.key in ticked) == choice.correct,
            "ticked" if choice.key in ticked else "",
            "ticked" if choice.correct else "",
        )
        for choice in choices
    )


def _text(answer: Mapping[str, Any], ask: str) -> str:
    text = answer.get("text")
    if not isinstance(text, str) or not text.strip():
        raise MalformedAnswer(ask)
    if len(text) > LONGEST_TEXT:
        raise MalformedAnswer(f"The answer is longer than {LONGEST_TEXT:,} characters. Shorten it, please.")
    if "\0" in text:
        raise MalformedAnswer("The answer holds a character that is not text. Type it again, please.")
    return text


def _numeric(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
    text = _text(answer, "Write a number.")
    wanted = float(spec["value"])
    unit = str(spec.get("unit", ""))
    try:
        given = as_number(text, unit=unit)
    except NotANumber as error:
        raise MalformedAnswer(str(error)) from error
    room = max(float(spec.get("tolerance", 0.0)), float(spec.get("relative", 0.0)) * abs(wanted))
    # A hair more than the tolerance, so that 1.1 is within 0.1 of 1 although binary fractions say otherwise.
    right = abs(given - wanted) <= room + 1e-12 * max(abs(given), abs(wanted))
    return Mark(float(right), (Part("1", right, text.strip(), f"{wanted:.12g} {unit}".strip()),))


def _cloze(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
    wanted: list[list[str]] = spec["gaps"]
    given = answer.get("gaps")
    if not isinstance(given, list) or not all(isinstance(gap, str) for gap in given):
        raise MalformedAnswer("The gaps did not arrive in a form that can be read.")
    if len(given) != len(wanted):
        raise MalformedAnswer(
            f"The question has {len(wanted)} gaps and the answer {len(given)}. Load it again, please."
        )
    if not any(gap.strip() for gap in given):
        raise MalformedAnswer("Fill at least one gap.")
    if any(len(gap) > LONGEST_TEXT for gap in given):
        raise MalformedAnswer("One of the gaps holds far too long a text. Shorten it, please.")
    parts = tuple(
        Part(str(number), any(same_words(gap, accepted) for accepted in accepts), gap.strip(), accepts[0])
        for number, (gap, accepts) in enumerate(zip(given, wanted, strict=True), start=1)
    )
    return Mark(_share(parts), parts)


def _output(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
    """Line by line, white space at line ends and empty lines at the end ignored; of several accepted texts the best."""
    given = lines_of(_text(answer, "Write what the program prints."))
    marks = [_compare_lines(given, lines_of(text)) for text in (spec["expected"], *spec.get("accept", ()))]
    return max(marks, key=lambda one: one.score or 0.0)


def _compare_lines(given: list[str], wanted: list[str]) -> Mark:
    parts = tuple(
        Part(
            str(number + 1),
            number < len(given) and number < len(wanted) and given[number] == wanted[number],
            given[number] if number < len(given) else "",
            wanted[number] if number < len(wanted) else "",
        )
        for number in range(max(len(given), len(wanted)))
    )
    return Mark(_share(parts), parts)


def _bug(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
    """Lines named and meant, out of lines named or meant: naming every line of the program is worth next to nothing."""
    lines = answer.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, int) and not isinstance(line, bool) for line in lines):
        raise MalformedAnswer("Give the number of a line.")
    if not lines:
        raise MalformedAnswer("Choose the line that is wrong.")
    given, wanted = set(lines), set(spec["lines"])
    last = spec.get("code_lines", math.inf)
    if outside := [line for line in given if not 1 <= line <= last]:
        raise MalformedAnswer(f"The program has no line {outside[0]}.")
    parts = tuple(
        Part(str(line), line in given and line in wanted, "ticked" * (line in given), "ticked" * (line in wanted))
        for line in sorted(given | wanted)
    )
    return Mark(_share(parts), parts)


def _by_rubric(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
    _text(answer, "Write an answer first, if only in a few words.")
    return Mark(None)


def _share(parts: Sequence[Part]) -> float:
    return sum(part.right for part in parts) / len(parts)


_MARKERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Mark]] = {
    "numeric": _numeric,
    "cloze": _cloze,
    "output": _output,
    "bug": _bug,
    "open": _by_rubric,
    "derive": _by_rubric,
}
