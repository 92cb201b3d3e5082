"""The days of a plan in words, and how good the forecasts have been for a learner."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from prepsite.accounts.models import User
from prepsite.study.preparation import Preparation
from quizzes import preparing
from quizzes.readiness.plan import Day, Part, Work

LEAST_REVIEWS = 20  # fewer say nothing about a forecast
ROUND, ROUND_QUESTIONS = "A timed round of five", 5


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
    match part.work:
        case Work.CARDS:
            label = _cards(prepared, day.offset)
        case Work.CONCEPT:
            label = prepared.concepts[part.what].title
        case Work.LAB:
            label = f"Lab: {prepared.labs[part.what].title}"
        case Work.ROUND:
            label = ROUND
        case Work.MOCK:
            label = "Mock interview"
    return NamedPart(label, address_of(prepared, part), part.minutes)


def address_of(prepared: Preparation, part: Part) -> str:
    """Where a part of a day is done; the forms open there with what the plan asks for."""
    match part.work:
        case Work.CARDS:
            return reverse("quizzes:review")
        case Work.CONCEPT:
            return f"{prepared.concepts[part.what].topic.get_absolute_url()}#concepts"
        case Work.LAB:
            return prepared.labs[part.what].get_absolute_url()
        case Work.ROUND:
            return f"{reverse('quizzes:new')}?{urlencode({'number': ROUND_QUESTIONS, 'minutes': part.minutes})}"
        case Work.MOCK:
            wish = {"minutes": str(part.minutes), "role": prepared.terms.role, "level": prepared.terms.level}
            return f"{reverse('quizzes:mocks')}?{urlencode(wish)}"


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
