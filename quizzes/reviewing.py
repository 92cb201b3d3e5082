"""Rating a card, taking a rating back, and bringing a card forward.

The log only grows. Every event names the version of the card that it found; the card is updated on the condition that
this is still its version, so that a stale page or a second tab is refused on every database, with row locks or without.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import models, transaction

from quizzes.models import Card, Flashcard, Review
from quizzes.review_queue import Counts, Queue, Shown, card_uuid, load, queue, shown, why_now
from quizzes.scheduling import SCHEDULER, Load, Memory, Settings, StudyClock, fuzz, next_state

__all__ = [
    "DEFAULTS",
    "Counts",
    "EventClash",
    "NothingToUndo",
    "Queue",
    "Shown",
    "StaleCard",
    "bring_forward",
    "load",
    "queue",
    "record_review",
    "shown",
    "undo",
    "why_now",
]

DEFAULTS = Settings()
_WINDOW_DAYS = 15  # no balanced window is wider


class StaleCard(Exception):  # noqa: N818 - it is the page that is stale
    """The card has changed since the page was made. `shown` is the card as it is now."""

    def __init__(self, shown: Shown) -> None:
        super().__init__("This card has changed since the page was loaded, so the rating was not counted.")
        self.shown = shown


class EventClash(Exception):  # noqa: N818
    """The id of this event belongs to another event already."""


class NothingToUndo(Exception):  # noqa: N818
    """The learner has no rating that could be taken back."""


@transaction.atomic
def record_review(
    user: models.Model,
    flashcard: Flashcard,
    rating: int,
    at: dt.datetime,
    clock: StudyClock,
    *,
    event_id: uuid.UUID,
    version: int,
    duration_ms: int | None = None,
    settings: Settings = DEFAULTS,
) -> Review:
    """Record a rating (1 to 4) of the card version that the learner saw, and move the card forward.

    The same `event_id` again returns the same review and changes nothing. Raises StaleCard if the card has changed
    since, EventClash if the id belongs to something else, ValueError for a rating out of range.
    """
    if earlier := _earlier(user, event_id):
        return _same(earlier, Review.Kind.RATING, flashcard)
    card, _ = Card.objects.get_or_create(
        user_id=user.pk, flashcard=flashcard, defaults={"uuid": card_uuid(user, flashcard), "due": at}
    )
    before = card.memory
    waiting = load(user, flashcard, clock.day(at))
    after = next_state(before, rating, at, clock, settings, str(card.uuid), waiting)
    if card.version != version or not _moved(card, after):
        # A twin of this very request may have been faster: then its answer is ours.
        if earlier := _earlier(user, event_id):
            return _same(earlier, Review.Kind.RATING, flashcard)
        raise StaleCard(shown(user, flashcard, at))
    return Review.objects.create(
        **_event(card, event_id, at, clock),
        kind=Review.Kind.RATING,
        rating=rating,
        flashcard_version=flashcard.version,
        duration_ms=duration_ms,
        settings=settings.as_json(),
        load=_around(after, waiting),
        promoted_at=card.promoted_at,
        reason=card.reason,
        before=before.as_json(),
        after=after.as_json(),
    )


@transaction.atomic
def undo(user: models.Model, at: dt.datetime, clock: StudyClock, event_id: uuid.UUID) -> Review:
    """Take back the learner's latest rating that stands, by an event of its own. Called again, it takes back one more.

    The same `event_id` again returns the same event and changes nothing. Raises NothingToUndo, StaleCard or EventClash.
    """
    if earlier := _earlier(user, event_id):
        return _same(earlier, Review.Kind.UNDO, None)
    latest = Review.objects.for_user(user).undoable(at).select_related("card__flashcard").first()
    if latest is None:
        raise NothingToUndo("There is no rating of the last day to take back.")
    card = latest.card
    before, after = card.memory, Memory.from_json(latest.before)
    if not _moved(card, after, promoted_at=latest.promoted_at, reason=latest.reason):
        if earlier := _earlier(user, event_id):
            return _same(earlier, Review.Kind.UNDO, None)
        raise StaleCard(shown(user, card.flashcard, at))
    return Review.objects.create(
        **_event(card, event_id, at, clock),
        kind=Review.Kind.UNDO,
        undoes=latest,
        flashcard_version=latest.flashcard_version,
        settings=latest.settings,
        before=before.as_json(),
        after=after.as_json(),
    )


@transaction.atomic
def bring_forward(user: models.Model, misconception: str, reason: str, at: dt.datetime) -> list[Card]:
    """Put the published flashcards of a misconception at the front of the learner's queue, and say why on them.

    `reason` is a phrase such as "from your lab on 18 November". A card that has never been met is made here, still new.
    What is remembered of the cards does not change: each stays the fold of its log. The next rating ends the promotion.
    """
    cards = []
    for flashcard in Flashcard.objects.published().filter(misconception=misconception).in_teaching_order():
        card, _ = Card.objects.get_or_create(
            user_id=user.pk, flashcard=flashcard, defaults={"uuid": card_uuid(user, flashcard), "due": at}
        )
        card.promoted_at = card.promoted_at or at
        card.reason = reason[:200]
        card.save(update_fields=["promoted_at", "reason"])
        cards.append(card)
    return cards


def _around(memory: Memory, waiting: Load) -> dict[str, int]:
    """The part of the load that fuzz can have looked at, as JSON: its window lies this near the chosen day."""
    if memory.due_day is None or memory.interval_days > fuzz.BALANCED_DAYS + _WINDOW_DAYS:
        return {}
    due = memory.due_day
    return {day.isoformat(): number for day, number in waiting.items() if abs((day - due).days) <= _WINDOW_DAYS}


def _earlier(user: models.Model, event_id: uuid.UUID) -> Review | None:
    """The event that has this id already, if it is the learner's own. Raises EventClash if it is another's."""
    earlier = Review.objects.filter(uuid=event_id).select_related("card").first()
    if earlier and earlier.user_id != user.pk:
        raise EventClash("This id has been used before. Load the page again, please.")
    return earlier


def _same(earlier: Review, kind: Review.Kind, flashcard: Flashcard | None) -> Review:
    if earlier.kind != kind or (flashcard and earlier.card.flashcard_id != flashcard.pk):
        raise EventClash("This id has been used before. Load the page again, please.")
    return earlier


def _moved(card: Card, memory: Memory, *, promoted_at: dt.datetime | None = None, reason: str = "") -> bool:
    """Write the memory if the card is still as it was read: one statement, so that only one of two writers wins."""
    values: dict[str, Any] = vars(memory) | {"promoted_at": promoted_at, "reason": reason, "version": card.version + 1}
    return bool(Card.objects.filter(pk=card.pk, version=card.version).update(**values))


def _event(card: Card, event_id: uuid.UUID, at: dt.datetime, clock: StudyClock) -> dict[str, Any]:
    return {
        "uuid": event_id,
        "card": card,
        "user_id": card.user_id,
        "at": at,
        "zone": clock.zone,
        "day_start_hour": clock.day_start_hour,
        "study_day": clock.day(at),
        "card_version": card.version,
        "scheduler": SCHEDULER,
    }
