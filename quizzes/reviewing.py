"""Rating a card, practising one without consequence, and bringing cards forward."""

import datetime as dt
import uuid

from django.db import models, transaction

from quizzes.card_log import USED_BEFORE as _USED_BEFORE
from quizzes.card_log import EventClash, Moment, Shown, StaleCard, append, card_of, earlier, shown
from quizzes.day_load import around, load
from quizzes.models import Card, Flashcard, Review
from quizzes.planning import DEFAULTS, Terms
from quizzes.review_queue import Counts, Queue, queue
from quizzes.scheduling import Settings, StudyClock, next_state
from quizzes.taking_back import NothingToRedo, NothingToUndo, redo, undo
from quizzes.why import why_now

__all__ = [
    "DEFAULTS",
    "Counts",
    "EventClash",
    "NothingToRedo",
    "NothingToUndo",
    "Queue",
    "Shown",
    "StaleCard",
    "bring_forward",
    "load",
    "practise",
    "queue",
    "record_review",
    "redo",
    "shown",
    "undo",
    "why_now",
]


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
    terms: Terms | None = None,
) -> Review:
    """Record a rating (1 to 4) of the card version that the learner saw, and move the card forward.

    `terms` are the learner's own plan, and outdo `settings`. The same `event_id` again returns the same review and
    changes nothing. Raises StaleCard if the card has changed since, EventClash if the id belongs to something else,
    ValueError for a rating out of range.
    """
    terms = terms or Terms(settings)
    if found := _twin(user, event_id, Review.Kind.RATING, flashcard):
        return found
    now, card = Moment(at, clock, event_id), card_of(user, flashcard, at)
    waiting = load(user, flashcard, now.today, terms.breaks)
    after = next_state(card.memory, rating, at, clock, terms.settings, str(card.uuid), waiting)
    event = None
    if card.version == version:
        event = append(
            card,
            now,
            Review.Kind.RATING,
            after,
            card.marks | terms.hold_over_breaks(after.due_day),
            settings=terms.settings,
            rating=rating,
            duration_ms=duration_ms,
            load=around(after, waiting),
        )
    return event or _refused(user, flashcard, now, Review.Kind.RATING)


@transaction.atomic
def practise(
    user: models.Model,
    flashcard: Flashcard,
    rating: int,
    at: dt.datetime,
    clock: StudyClock,
    *,
    event_id: uuid.UUID,
    version: int,
    duration_ms: int | None = None,
) -> Review:
    """Log that a card was practised, as when cramming: what is remembered of it, and when it comes, stay as they are.

    Raises as `record_review` does.
    """
    if found := _twin(user, event_id, Review.Kind.PRACTICE, flashcard):
        return found
    now, card = Moment(at, clock, event_id), card_of(user, flashcard, at)
    event = None
    if card.version == version:
        event = append(
            card,
            now,
            Review.Kind.PRACTICE,
            card.memory,
            card.marks,
            promoted_at=card.promoted_at,
            reason=card.reason,
            settings=DEFAULTS,
            rating=Review.Rating(rating),
            duration_ms=duration_ms,
        )
    return event or _refused(user, flashcard, now, Review.Kind.PRACTICE)


@transaction.atomic
def bring_forward(user: models.Model, misconception: str, reason: str, at: dt.datetime) -> list[Card]:
    """Put the published flashcards of a misconception at the front of the learner's queue, and say why on them.

    `reason` is a phrase such as "from your lab on 18 November". A card that has never been met is made here, still new.
    What is remembered of the cards does not change: each stays the fold of its log. The next rating ends the promotion.
    """
    cards = []
    for flashcard in Flashcard.objects.published().filter(misconception=misconception).in_teaching_order():
        card = card_of(user, flashcard, at)
        card.promoted_at = card.promoted_at or at
        card.reason = reason[:200]
        card.save(update_fields=["promoted_at", "reason"])
        cards.append(card)
    return cards


def _twin(user: models.Model, event_id: uuid.UUID, kind: Review.Kind, flashcard: Flashcard) -> Review | None:
    """The event that this id made already. Raises EventClash if it was something else."""
    found = earlier(user, event_id)
    if found and (found.kind != kind or found.card.flashcard_id != flashcard.pk):
        raise EventClash(_USED_BEFORE)
    return found


def _refused(user: models.Model, flashcard: Flashcard, now: Moment, kind: Review.Kind) -> Review:
    """A twin of this very request may have been faster: then its answer is ours. Else the page was stale."""
    if found := _twin(user, now.event_id, kind, flashcard):
        return found
    raise StaleCard(shown(user, flashcard, now.at))
