"""Which follow-up questions come: they depend on the rubric points that an answer had and those it had not. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from quizzes.asked import Asked, Further
from quizzes.sheet import Verdict

SCORES = {"no": 0.0, "half": 0.5, "yes": 1.0}
_VERDICTS = {1.0: Verdict("good", "answered"), 0.5: Verdict("shaky", "partly"), 0.0: Verdict("weak", "not yet")}
_NOT_REACHED = Verdict("new", "not reached")
_NOT_SCORED = Verdict("new", "answered, without points")


class Source(StrEnum):
    BELIEF = "belief"
    """A colleague states the belief that often lies behind a point which was not said."""
    LISTED = "listed"
    """One of the question's own follow-ups."""


@dataclass(frozen=True)
class FollowUp:
    """One question asked after an answer, and what came of it.

    `point` is the rubric point that it probes, if any; `text_html` and `wanted_html`, what a good candidate says, are
    rendered; `whole_html` is the longest answer to the question itself. `score` is the learner's own: 0, 0.5 or 1, None
    until told. `opened_at` is the instant in ISO 8601 at which it was asked, empty before; `draft` is what was written
    so far.
    """

    source: Source
    text_html: str
    wanted_html: str
    point: str = ""
    answer: str = ""
    spoken: bool = False
    answered: bool = False
    score: float | None = None
    whole_html: str = ""
    opened_at: str = ""
    late: bool = False
    draft: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.score is None:
            return _NOT_SCORED if self.answered else _NOT_REACHED
        return _VERDICTS[self.score]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "source": Source(data["source"])})


@dataclass(frozen=True)
class Belief:
    """A misconception, rendered."""

    text_html: str
    correction_html: str


def follow_ups(asked: Asked, ticked: Collection[str], beliefs: Mapping[str, Belief], most: int) -> list[FollowUp]:
    """Up to `most` follow-ups for an answer with these points.

    What an adequate answer needs and this one lacked is probed first, heaviest point first, by the belief that often
    lies behind the gap: the learner has to refute it, which does not give the point away. Where nothing needed was
    missing, the interviewer goes further: the question's own follow-ups, the last and hardest of them first.
    """
    missing = sorted((one for one in asked.adequate_points if one.key not in ticked), key=lambda one: -one.weight)
    probes = [
        FollowUp(Source.BELIEF, belief.text_html, belief.correction_html, point.key)
        for point in missing
        if (belief := beliefs.get(point.misconception)) is not None
    ]
    further = asked.follow_ups if missing else tuple(reversed(asked.follow_ups))
    return [*_distinct(probes), *_listed(asked, further)][:most]


def _distinct(probes: Iterable[FollowUp]) -> list[FollowUp]:
    return list({one.text_html: one for one in probes}.values())


def _listed(asked: Asked, further: Iterable[Further]) -> list[FollowUp]:
    """Where an author has not answered a follow-up, it is scored beside the longest answer to the question."""
    longest = asked.answers[-1].html if asked.answers else ""
    return [
        FollowUp(Source.LISTED, one.text_html, one.answer_html, whole_html=longest)
        if one.answer_html
        else FollowUp(Source.LISTED, one.text_html, longest)
        for one in further
    ]
