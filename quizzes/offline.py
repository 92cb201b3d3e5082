"""Reviewing without a network: what a device takes along, and what becomes of the ratings that it brings back.

A rating given offline is an event like any other: it keeps its id, so that it counts once however often it is sent, and
the time at which it was given. If the card has moved on meanwhile, because another device was faster, the rating is not
refused: both were given, so both stand. It joins the log after what is there, and the scheduler counts a review that
lies before the last one as made at the time of the last one; nothing is lost, and the card stays the fold of its log.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models

from quizzes import reviewing
from quizzes.models import Card, Flashcard, Guide, Review
from quizzes.scheduling import StudyClock

MOST_CARDS = 200  # that a device takes along
NEW_CARDS = 10  # of them met for the first time, each study day
MOST_AT_ONCE = 100  # ratings in one request
OLDEST = dt.timedelta(days=366)  # a device that was away for longer has lost count of time
LONGEST_MS = 3_600_000
_TRIES = 3


@dataclass(frozen=True)
class Taken:
    """A card as a device takes it along. `version` is what a rating names."""

    flashcard: Flashcard
    version: int


def cards_to_take(user: models.Model, at: dt.datetime, clock: StudyClock) -> list[Taken]:
    """What waits on the study day of `at`, and new cards up to the day's number, in a constant number of queries."""
    today = clock.day(at)
    end = clock.start_of(today + dt.timedelta(days=1))
    steps = models.Q(due_day=None, last_review__isnull=False, due__lte=end)
    mine = Card.objects.for_user(user)
    waiting = mine.active().filter(models.Q(due_day__lte=today) | steps | models.Q(promoted_at__isnull=False))
    due = list(waiting.select_related("flashcard__topic").order_by("-promoted_at", "due", "pk")[:MOST_CARDS])
    met = Review.objects.for_user(user).standing().since(clock.start_of(today)).met
    fresh = Flashcard.objects.published().exclude(cards__user=user.pk).select_related("topic").in_teaching_order()
    new = fresh[: max(0, min(NEW_CARDS - met, MOST_CARDS - len(due)))]
    return [*(Taken(card.flashcard, card.version) for card in due), *(Taken(flashcard, 0) for flashcard in new)]


def guides_to_take() -> models.QuerySet[Guide]:
    return Guide.objects.published().order_by("topic__order", "order", "slug")


class Result(StrEnum):
    COUNTED = "counted"
    KNOWN = "known"  # it had arrived before
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What became of a rating; `why` is a sentence for the learner where it was refused."""

    id: str
    result: Result
    why: str = ""


class BadRating(ValueError):  # noqa: N818
    """One rating cannot be read; the sentence says why."""


@dataclass(frozen=True)
class Given:
    id: uuid.UUID
    flashcard: uuid.UUID
    rating: int
    at: dt.datetime
    duration_ms: int | None


def read(told: Any, sent_at: float, now: dt.datetime) -> Given:
    """A rating as a device tells it: times in milliseconds of the device's own clock, `sent_at` among them, so that a
    clock that goes wrong does no harm. Raises BadRating."""
    try:
        age = dt.timedelta(milliseconds=sent_at - float(told["at"]))
        rating, duration = told["rating"], told.get("duration_ms")
        given = Given(
            id=uuid.UUID(told["id"]),
            flashcard=uuid.UUID(told["flashcard"]),
            rating=rating,
            at=now - min(max(age, dt.timedelta(0)), OLDEST),
            duration_ms=None if duration is None else min(max(int(duration), 0), LONGEST_MS),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadRating("A rating of this device could not be read, so it was not counted.") from error
    if not isinstance(rating, int) or isinstance(rating, bool) or rating not in Review.Rating.values:
        raise BadRating("A rating of this device was not one of Again, Hard, Good and Easy, so it was not counted.")
    return given


def take_in(
    user: models.Model, told: Sequence[Any], sent_at: float, now: dt.datetime, clock: StudyClock
) -> list[Answer]:
    """Count the ratings in the order in which they were given. Never raises for what one of them holds."""
    answers: list[Answer] = []
    readable: list[Given] = []
    for one in told:
        try:
            readable.append(read(one, sent_at, now))
        except BadRating as error:
            name = str(one.get("id", "")) if isinstance(one, dict) else ""
            answers.append(Answer(name[:80], Result.REFUSED, str(error)))
    known = {card.uuid: card for card in Flashcard.objects.filter(uuid__in=[one.flashcard for one in readable])}
    for given in sorted(readable, key=lambda one: one.at):
        flashcard = known.get(given.flashcard)
        if flashcard is None:
            why = "A card that was rated on this device is no longer here, so its rating was not counted."
            answers.append(Answer(str(given.id), Result.REFUSED, why))
        else:
            answers.append(_count(user, flashcard, given, clock))
    return answers


def _count(user: models.Model, flashcard: Flashcard, given: Given, clock: StudyClock) -> Answer:
    if Review.objects.for_user(user).filter(uuid=given.id).exists():
        return Answer(str(given.id), Result.KNOWN)
    for version in _versions(user, flashcard):
        try:
            reviewing.record_review(
                user,
                flashcard,
                given.rating,
                given.at,
                clock,
                event_id=given.id,
                version=version,
                duration_ms=given.duration_ms,
            )
        except reviewing.StaleCard:
            continue  # another device moved the card within this very moment
        except reviewing.EventClash as clash:
            return Answer(str(given.id), Result.REFUSED, str(clash))
        return Answer(str(given.id), Result.COUNTED)
    raise reviewing.StaleCard(reviewing.shown(user, flashcard, given.at))


def _versions(user: models.Model, flashcard: Flashcard) -> Iterator[int]:
    """The card's version as it is now, asked for anew each time."""
    for _ in range(_TRIES):
        mine = Card.objects.for_user(user).filter(flashcard=flashcard)
        yield mine.values_list("version", flat=True).first() or 0
