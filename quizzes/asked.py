"""A question as it is asked: one frozen value that forms, marking and pages read.

It is made from the question as it stands today, or as it stood at the version that a session drew: a question edited or
retired in the middle of a quiz is still shown, and marked, as it was asked.
"""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from quizzes.models import Question
from quizzes.models.question import Kind, RubricPoint

# The first fence of a rendered prompt. Pygments closes its spans at the end of every line, so that lines may be parted.
_CODE = re.compile(r'<div class="code"><pre>(?:<span></span>)?<code>(.*?)\n?</code></pre></div>', re.DOTALL)
_LENGTHS = (
    ("answer_short", "30 seconds"),
    ("answer_medium", "2 minutes"),
    ("answer_long", "5 minutes"),
)


@dataclass(frozen=True)
class Option:
    """A choice of a single or multiple choice question."""

    key: str
    correct: bool
    text_html: str
    why_html: str
    misconception: str = ""


@dataclass(frozen=True)
class Point:
    """A rubric point, its weight out of ten."""

    key: str
    weight: int
    line: str
    dimension: str
    text_html: str
    misconception: str = ""

    @property
    def adequate(self) -> bool:
        """Whether it belongs to the six points that an adequate answer must have."""
        return self.line == RubricPoint.Line.ADEQUATE


@dataclass(frozen=True)
class LabLink:
    """A lab is known here by its slug: labs live in another app, and views ask it for the `title`."""

    slug: str
    title: str = ""

    @property
    def name(self) -> str:
        return self.title or self.slug.replace("-", " ")


@dataclass(frozen=True)
class ModelAnswer:
    """The model answer in one length, such as "2 minutes"."""

    length: str
    html: str


@dataclass(frozen=True)
class Further:
    """A follow-up question. `answer_html` is empty where the author gave none."""

    text_html: str
    answer_html: str


@dataclass(frozen=True)
class Asked:
    """`prompt_parts` are the pieces of a cloze prompt around its gaps. `code_lines` are a bug question's lines as HTML,
    standing between `prompt_html` and `after_code_html`. The options' reasons and everything after them come after the
    answer.
    """

    slug: str
    version: int
    title: str
    kind: str
    level: str
    minutes: int
    topic_slug: str
    topic_title: str
    spec: dict[str, Any]
    prompt_html: str
    prompt_parts: tuple[str, ...] = ()
    code_lines: tuple[str, ...] = ()
    after_code_html: str = ""
    options: tuple[Option, ...] = ()
    rubric: tuple[Point, ...] = ()
    answers: tuple[ModelAnswer, ...] = ()
    signal_html: str = ""
    red_flags: tuple[str, ...] = ()
    follow_ups: tuple[Further, ...] = ()
    conventions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    labs: tuple[LabLink, ...] = ()
    moved_on: str = field(default="", compare=False)

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def marked_by_rubric(self) -> bool:
        """Only the learner's ticks can tell what the answer is worth."""
        return self.kind in (Kind.OPEN, Kind.DERIVE)

    @property
    def adequate_points(self) -> tuple[Point, ...]:
        return tuple(point for point in self.rubric if point.adequate)

    @property
    def outstanding_points(self) -> tuple[Point, ...]:
        return tuple(point for point in self.rubric if not point.adequate)

    @property
    def gap_count(self) -> int:
        return max(len(self.prompt_parts) - 1, 0)

    def shuffled(self, seed: str) -> list[Option]:
        """The options in an order that is the same for the same `seed`. Marking goes by key and never by place."""
        options = list(self.options)
        random.Random(seed).shuffle(options)  # noqa: S311 - an order on a page, not a secret
        return options


def as_asked(question: Question) -> Asked:
    """The question as its row stands. Prefetch `topic`, `choices` and `rubric` (`Question.objects.with_parts()`)."""
    html: dict[str, Any] = question.html
    prompt, code_lines, after = around_code(html.get("prompt", ""), question.kind)
    return Asked(
        slug=question.slug,
        version=question.version,
        title=question.title,
        kind=question.kind,
        level=question.level,
        minutes=question.minutes,
        topic_slug=question.topic.slug,
        topic_title=question.topic.title,
        spec=question.spec,
        prompt_html=prompt,
        code_lines=code_lines,
        after_code_html=after,
        options=tuple(
            Option(one.key, one.correct, one.text_html, one.why_html, one.misconception)
            for one in question.choices.all()
        ),
        rubric=tuple(
            Point(one.key, one.weight, one.line, one.dimension, one.text_html, one.misconception)
            for one in question.rubric.all()
        ),
        labs=tuple(map(LabLink, question.labs)),
        **texts_of(html),
    )


def texts_of(html: dict[str, Any]) -> dict[str, Any]:
    """The fields of an Asked that `Question.html` holds as they are."""
    return {
        "prompt_parts": tuple(html.get("prompt_parts", ())),
        "answers": tuple(ModelAnswer(length, html[name]) for name, length in _LENGTHS if html.get(name)),
        "signal_html": html.get("signal", ""),
        "follow_ups": tuple(Further(one["text"], one["answer"]) for one in html.get("follow_ups", ())),
        **{name: tuple(html.get(name, ())) for name in ("red_flags", "conventions", "references")},
    }


def around_code(prompt: str, kind: str) -> tuple[str, tuple[str, ...], str]:
    """The prompt before its code, its lines, and the prompt after it. Only bug questions part with their code."""
    match = _CODE.search(prompt) if kind == Kind.BUG else None
    if match is None:
        return prompt, (), ""
    return prompt[: match.start()], tuple(match[1].split("\n")), prompt[match.end() :]
