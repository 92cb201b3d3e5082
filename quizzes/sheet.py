"""The answer sheet: a question together with what a learner wrote on it and, once committed, what that was worth.

Pages print it without deciding anything: every row says for itself whether it was picked, right, wrong or missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import escape, strip_tags

from prepsite.lib import markdown
from quizzes import marking
from quizzes.asked import Asked, Option, Point
from quizzes.models.question import Kind

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _as_html(answer: str) -> str:
    """An accepted answer as a page shows it; only one with a formula in it is Markdown."""
    return markdown.inline(answer).html if "$" in answer else escape(answer)


@dataclass(frozen=True)
class Verdict:
    """`tone` is one of the design's: good, shaky, weak, new. `words` say the same without colour."""

    tone: str
    words: str


@dataclass(frozen=True)
class OptionRow:
    """`state` is "right", "wrong" or "missed" after the answer, for the options that it concerns."""

    letter: str
    option: Option
    picked: bool
    state: str


@dataclass(frozen=True)
class Gap:
    """One gap of a cloze text and the piece of text before it."""

    number: int
    before_html: str
    value: str
    state: str
    wanted_html: str
    size: int


@dataclass(frozen=True)
class CodeLine:
    number: int
    html: str
    picked: bool
    state: str
    plain: str


@dataclass(frozen=True)
class PointRow:
    point: Point
    ticked: bool


@dataclass(frozen=True)
class Sheet:
    """`answer` is a draft until `committed`; `found` is what marking made of it (see marking.Mark.as_json).

    `ticks` are None until the learner has compared their answer with the rubric. `score` runs from 0 to 1.
    """

    asked: Asked
    seed: str
    answer: Mapping[str, Any]
    committed: bool = False
    late: bool = False
    score: float | None = None
    ticks: tuple[str, ...] | None = None
    found: Mapping[str, Any] | None = None

    @property
    def gave_up(self) -> bool:
        return self.committed and not self.answer

    @property
    def text(self) -> str:
        return str(self.answer.get("text", ""))

    @property
    def awaits_ticks(self) -> bool:
        return self.committed and self.asked.marked_by_rubric and self.ticks is None

    @property
    def whole_number(self) -> bool:
        """Whether a count is asked for, so that fractions and per cents would be odd examples."""
        return float(self.asked.spec.get("value", 0.5)).is_integer()

    @property
    def points(self) -> int:
        """Out of ten, as the rubric counts."""
        return round((self.score or 0) * 10)

    @property
    def parts(self) -> list[dict[str, Any]]:
        return list((self.found or {}).get("parts", ()))

    @cached_property
    def verdict(self) -> Verdict | None:
        """None while the sheet is still being written."""
        if not self.committed:
            return None
        return verdict_of(self.asked, self.score, gave_up=self.gave_up)

    @cached_property
    def options(self) -> list[OptionRow]:
        picked = {self.answer.get("choice"), *self.answer.get("choices", ())}
        return [
            OptionRow(letter, option, option.key in picked, self._option_state(option, option.key in picked))
            for letter, option in zip(_LETTERS, self.asked.shuffled(self.seed), strict=False)
        ]

    def _option_state(self, option: Option, picked: bool) -> str:
        if not self.committed:
            return ""
        if option.correct:
            return "right" if picked or self.asked.kind == Kind.SINGLE else "missed"
        return "wrong" if picked else ""

    @cached_property
    def gaps(self) -> list[Gap]:
        values = list(self.answer.get("gaps", ()))
        parts = {part["name"]: part for part in self.parts}
        wanted: list[list[str]] = self.asked.spec.get("gaps", [])
        rows = []
        for number, before in enumerate(self.asked.prompt_parts[:-1], start=1):
            part = parts.get(str(number), {})
            longest = max(map(len, wanted[number - 1]), default=8) if number <= len(wanted) else 8
            rows.append(
                Gap(
                    number=number,
                    before_html=before,
                    value=str(values[number - 1]) if number <= len(values) else "",
                    state=self._part_state(part),
                    wanted_html=_as_html(wanted[number - 1][0]) if self.committed and number <= len(wanted) else "",
                    # Rounded, so that the width of the field does not spell out the length of the word.
                    size=max(8, -(-longest // 6) * 6),
                )
            )
        return rows

    def _part_state(self, part: Mapping[str, Any]) -> str:
        if not self.committed:
            return ""
        return "right" if part.get("right") else "wrong"

    @property
    def last_part_html(self) -> str:
        return self.asked.prompt_parts[-1] if self.asked.prompt_parts else ""

    @cached_property
    def lines(self) -> list[CodeLine]:
        picked = set(self.answer.get("lines", ()))
        meant = set(self.asked.spec.get("lines", ())) if self.committed else set()
        return [
            CodeLine(number, html, number in picked, self._line_state(number, picked, meant), strip_tags(html).strip())
            for number, html in enumerate(self.asked.code_lines, start=1)
        ]

    def _line_state(self, number: int, picked: set[int], meant: set[int]) -> str:
        if number in meant:
            return "right" if number in picked else "missed"
        return "wrong" if self.committed and number in picked else ""

    @cached_property
    def adequate_rows(self) -> list[PointRow]:
        return [PointRow(point, point.key in (self.ticks or ())) for point in self.asked.adequate_points]

    @cached_property
    def outstanding_rows(self) -> list[PointRow]:
        return [PointRow(point, point.key in (self.ticks or ())) for point in self.asked.outstanding_points]


def verdict_of(asked: Asked, score: float | None, *, gave_up: bool) -> Verdict:
    """The words for a committed answer."""
    if gave_up:
        return Verdict("new", "Shown without an answer")
    if score is None:
        return Verdict("new", "Yours to mark")
    if asked.marked_by_rubric:
        return _verdict_by_points(round(score * 10))
    if score == 1:
        return Verdict("good", "Right")
    if score > 0:
        return Verdict("shaky", f"Partly right, {score:.0%}")
    return Verdict("weak", "Not right yet")


def _verdict_by_points(points: int) -> Verdict:
    if points >= marking.OUTSTANDING:
        return Verdict("good", f"{points} of 10, outstanding")
    if points >= marking.ADEQUATE:
        return Verdict("good", f"{points} of 10, adequate")
    return Verdict("shaky", f"{points} of 10, below the line of {marking.ADEQUATE}")
