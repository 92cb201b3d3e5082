"""The days of a plan in words, and how good the forecasts have been for a learner."""

from dataclasses import dataclass

from django.urls import reverse

from prepsite.accounts.models import User
from prepsite.study.preparation import Preparation
from quizzes import preparing
from quizzes.readiness.plan import Day, Part, Work

LEAST_REVIEWS = 20  # fewer say nothing about a forecast


@dataclass(frozen=True)
class NamedPart:
    label: str
    url: str
    minutes: int


@dataclass(frozen=True)
class NamedDay:
    """`kind` is one of the plan's: learn, mock, taper, rest."""

    kind: str
    parts: tuple[NamedPart, ...]
    minutes: int


def named(prepared: Preparation, day: Day) -> NamedDay:
    """A day with the titles and addresses of its parts."""
    return NamedDay(day.kind, tuple(_named(prepared, day, part) for part in day.parts), day.minutes)


def _named(prepared: Preparation, day: Day, part: Part) -> NamedPart:
    label, url = part.what, ""
    match part.work:
        case Work.CARDS:
            label, url = _cards(prepared, day.offset), reverse("quizzes:review")
        case Work.CONCEPT:
            concept = prepared.concepts[part.what]
            label, url = concept.title, f"{concept.topic.get_absolute_url()}#concepts"
        case Work.LAB:
            lab = prepared.labs[part.what]
            label, url = f"Lab: {lab.title}", lab.get_absolute_url()
        case Work.ROUND:
            label, url = "A timed round of five", reverse("quizzes:new")
        case Work.MOCK:
            label, url = "Mock interview", reverse("quizzes:mocks")
    return NamedPart(label, url, part.minutes)


def _cards(prepared: Preparation, offset: int) -> str:
    """What the forecast expects of a day: the numbers of later days will be others once the earlier ones were lived."""
    again, new = round(prepared.forecast.again[offset]), round(prepared.forecast.new[offset])
    parts = [f"{again} to see again"] * bool(again) + [f"{new} new"] * bool(new)
    return f"Cards, about {' and '.join(parts)}" if parts else "Cards"


@dataclass(frozen=True)
class TrackRecord:
    """Over so many reviews of learned cards: the mean predicted recall, and the share recalled. Both from 0 to 1."""

    reviews: int
    predicted: float
    recalled: float


def track_record(user: User) -> TrackRecord | None:
    """How the predictions compare with what happened; None until there are reviews enough to tell."""
    predicted, recalled = preparing.predictions(user)
    if len(predicted) < LEAST_REVIEWS:
        return None
    return TrackRecord(len(predicted), sum(predicted) / len(predicted), sum(recalled) / len(recalled))
