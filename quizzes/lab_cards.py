"""Cards of labs: asked in the workbench instead of on the review page, and remembered like all others.

A lab is known here by its slug. Its card is met with the first pass, and comes back on the same schedule, in days: a
lab is nothing to be repeated within minutes.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from prepsite.lib.versioned import Status
from quizzes import timewords
from quizzes.card_log import card_uuid
from quizzes.day_load import load
from quizzes.models import Card, Concept, Flashcard, Review, Topic
from quizzes.models.review import UNDO_WITHIN
from quizzes.planning import Terms, terms_of
from quizzes.reviewing import EventClash, NothingToUndo, StaleCard, record_review, undo
from quizzes.scheduling import StudyClock, preview

IN_DAYS: dict[str, Any] = {"learning_steps_minutes": (), "relearning_steps_minutes": ()}
_NAMESPACE = "lab-card"


@dataclass(frozen=True)
class LabCard:
    """What a published lab says about its card. `lab_id` is the lab's identity."""

    lab_id: uuid.UUID
    lab: str
    title: str
    summary: str
    topic: str
    concepts: tuple[str, ...]
    level: str


class CannotChange(Exception):  # noqa: N818 - said to the learner
    """The rating of this lab can no longer be given or changed; the message says why."""


def store(cards: Iterable[LabCard]) -> None:
    """Make the cards of exactly these labs, which are all that are published; the others' retire."""
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    concepts = {concept.slug: concept for concept in Concept.objects.all()}
    kept = []
    for card in cards:
        if card.topic not in topics:
            continue
        identity = uuid.uuid5(card.lab_id, _NAMESPACE)
        said = {
            "slug": f"{_NAMESPACE}-{card.lab_id.hex}",
            "lab": card.lab,
            "kind": Flashcard.Kind.LAB,
            "status": Status.PUBLISHED,
            "topic": topics[card.topic],
            "level": card.level,
            "front": card.title,
            "back": card.summary,
        }
        flashcard, _ = Flashcard.objects.update_or_create(uuid=identity, defaults=said)
        flashcard.concepts.set([concepts[slug] for slug in card.concepts if slug in concepts])
        kept.append(identity)
    Flashcard.objects.of_labs().exclude(uuid__in=kept).update(status=Status.RETIRED)


def flashcard_of(lab: str) -> Flashcard | None:
    return Flashcard.objects.of_labs().filter(lab=lab).first()


def due_labs(user: models.Model, today: dt.date) -> list[tuple[str, str]]:
    """Slug and title of the labs to be written again on this study day, the longest waiting first. One query."""
    cards = Card.objects.for_user(user).of_labs().filter(queue_day__lte=today)
    return list(cards.order_by("queue_day", "pk").values_list("flashcard__lab", "flashcard__front"))


@dataclass(frozen=True)
class LabMemory:
    """How a learner stands with a lab: its card, not stored yet where the lab was never passed."""

    card: Card
    is_due: bool

    @property
    def is_new(self) -> bool:
        return self.card.state == Card.State.NEW


def memory_of(user: models.Model, lab: str, at: dt.datetime, clock: StudyClock) -> LabMemory | None:
    """None for a lab without a card."""
    card = _met(user, lab)
    if card is None:
        flashcard = flashcard_of(lab)
        if flashcard is None:
            return None
        card = Card(user_id=user.pk, flashcard=flashcard, uuid=card_uuid(user, flashcard), due=at)
    return LabMemory(card, card.memory.is_due(at, clock.day(at)))


def is_due(user: models.Model, lab: str, at: dt.datetime, clock: StudyClock) -> bool:
    """Whether the lab was passed once and is to be written again."""
    card = _met(user, lab)
    return card is not None and card.memory.is_due(at, clock.day(at))


def _met(user: models.Model, lab: str) -> Card | None:
    return Card.objects.for_user(user).filter(flashcard__status=Status.PUBLISHED, flashcard__lab=lab).first()


def rated_at(user: models.Model, memory: LabMemory) -> dt.datetime | None:
    """The moment of the latest rating that stands."""
    ratings = Review.objects.for_user(user).standing().filter(card__flashcard=memory.card.flashcard_id).order_by("-pk")
    return ratings.values_list("at", flat=True).first()


def rate(
    user: models.Model, memory: LabMemory, rating: int, at: dt.datetime, clock: StudyClock, event_id: uuid.UUID
) -> Review | None:
    """Record a rating of the lab's card, on the learner's own terms but in days. None if somebody was faster; the same
    `event_id` again changes nothing."""
    try:
        return record_review(
            user,
            memory.card.flashcard,
            rating,
            at,
            clock,
            event_id=event_id,
            version=memory.card.version,
            terms=_terms_in_days(user, clock.day(at)),
        )
    except (StaleCard, EventClash):
        return None


def choices(user: models.Model, memory: LabMemory, at: dt.datetime, clock: StudyClock) -> list[tuple[int, str, str]]:
    """Each rating that a card in this state can be given: its number, its word, and after how long the lab then comes
    back."""
    today = clock.day(at)
    terms = _terms_in_days(user, today)
    waiting = load(user, memory.card.flashcard, today, terms.breaks)
    offered = preview(memory.card.memory, at, clock, terms.settings, str(memory.card.uuid), waiting)
    return [(int(rating), Review.Rating(rating).label, timewords.interval(after)) for rating, after in offered.items()]


def change(
    user: models.Model,
    lab: str,
    rating: int,
    at: dt.datetime,
    clock: StudyClock,
    event_ids: tuple[uuid.UUID, uuid.UUID],
) -> Review:
    """Give the lab's latest rating another value: it is taken back and given anew; the same value leaves it as it is. A
    rating that the learner has taken back themselves is given anew. Raises CannotChange.

    For as long as anything can be taken back, whatever was done to other cards meanwhile.
    """
    flashcard = flashcard_of(lab)
    events = Review.objects.for_user(user).filter(card__flashcard=flashcard, at__gte=at - UNDO_WITHIN)
    latest = events.order_by("-pk").first() if flashcard else None
    if flashcard is None or latest is None or latest.kind not in (Review.Kind.RATING, Review.Kind.UNDO):
        raise CannotChange("This rating can no longer be changed: that goes for a day after a pass.")
    if latest.kind == Review.Kind.RATING:
        if latest.rating == rating:
            return latest
        try:
            undo(user, at, clock, event_ids[0], only=flashcard)
        except (NothingToUndo, StaleCard, EventClash) as refusal:
            raise CannotChange(str(refusal)) from refusal
    memory = memory_of(user, lab, at, clock)
    given = rate(user, memory, rating, at, clock, event_ids[1]) if memory else None
    if given is None:
        raise CannotChange("This card has changed in another tab, so the rating was not counted.")
    return given


def interval_of(review: Review) -> str:
    """After how long the lab comes back, in words."""
    return timewords.interval(review.memory_after)


def _terms_in_days(user: models.Model, today: dt.date) -> Terms:
    terms = terms_of(user, today)
    return replace(terms, settings=replace(terms.settings, **IN_DAYS))
