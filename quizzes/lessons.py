"""What an answer teaches: beliefs that a wrong option states, and points of the rubric that are not said yet.

Who chose a wrong option said something. Who left a rubric point out said nothing, so that the belief which often lies
behind it is only ever offered as that.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.asked import Asked, Point
from quizzes.models import Misconception


@dataclass(frozen=True)
class Unsaid:
    """A must-have point that the learner did not find in their answer, and the belief that often lies behind that."""

    point: Point
    behind: Misconception | None


@dataclass(frozen=True)
class Lessons:
    beliefs: list[Misconception]
    unsaid: list[Unsaid]


def beliefs_in(asked: Asked, answer: Mapping[str, Any]) -> list[str]:
    """The slugs of the misconceptions that the wrong options picked state."""
    picked = {answer.get("choice"), *answer.get("choices", ())}
    slugs = [one.misconception for one in asked.options if one.key in picked and not one.correct]
    return list(dict.fromkeys(filter(None, slugs)))


def unsaid_in(asked: Asked, answer: Mapping[str, Any], ticks: Iterable[str] | None) -> list[Point]:
    """The must-have points that were not ticked. None of them for who asked to be shown, or has not ticked yet."""
    if not answer or ticks is None or not asked.marked_by_rubric:
        return []
    return _unticked(asked.adequate_points, ticks)


def _unticked(points: Iterable[Point], ticks: Iterable[str]) -> list[Point]:
    said = set(ticks)
    return [point for point in points if point.key not in said]


def misconceptions_in(asked: Asked, answer: Mapping[str, Any], ticks: Iterable[str] | None) -> list[str]:
    """The slugs of everything whose cards are worth seeing after this answer: what its options state, and what lies
    behind any point of the rubric that is missing, those beyond an adequate answer too."""
    missed = [] if ticks is None or not answer or not asked.marked_by_rubric else _unticked(asked.rubric, ticks)
    behind = [point.misconception for point in missed]
    return list(dict.fromkeys(filter(None, [*beliefs_in(asked, answer), *behind])))


def beliefs_of(asked: Asked) -> list[str]:
    """The slugs of everything whose cards are worth seeing for somebody who did not know an answer at all."""
    return list(dict.fromkeys(point.misconception for point in asked.adequate_points if point.misconception))


def corrections(slugs: Collection[str]) -> dict[str, Misconception]:
    """The misconceptions by slug, in one query."""
    return Misconception.objects.in_bulk(list(slugs), field_name="slug") if slugs else {}


def lessons_of(asked: Asked, answer: Mapping[str, Any], ticks: Iterable[str] | None) -> Lessons:
    """What the page of one committed answer tells, in one query at most."""
    known = corrections(misconceptions_in(asked, answer, ticks))
    return Lessons(
        [known[slug] for slug in beliefs_in(asked, answer) if slug in known],
        [Unsaid(point, known.get(point.misconception)) for point in unsaid_in(asked, answer, ticks)],
    )
