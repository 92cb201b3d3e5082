"""Undo and redo: many steps, kept in the log and so alive after a restart and on another device.

An undo is an event that names what it takes back; a redo is an event of the first one's kind that names the undo.
Nothing is ever deleted. Whatever is new clears what could be redone. Notes and texts are not touched: taking back a
rating must not take back what somebody wrote.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from django.db import models, transaction

from quizzes.card_log import USED_BEFORE, EventClash, Moment, StaleCard, append, earlier, shown
from quizzes.models import Flashcard, Review
from quizzes.models.review import ReviewQuerySet
from quizzes.scheduling import Memory, Settings, StudyClock


class NothingToUndo(Exception):  # noqa: N818
    """The learner has done nothing of late that could be taken back."""


class NothingToRedo(Exception):  # noqa: N818
    """Nothing was taken back of late, or something new has happened since."""


@transaction.atomic
def undo(
    user: models.Model, at: dt.datetime, clock: StudyClock, event_id: uuid.UUID, *, only: Flashcard | None = None
) -> Review:
    """Take back the latest event that stands, or all of its batch, by events of their own. Called again, one more.

    `only` names the card whose latest event is meant, whatever was done to others since. Returns the undo of the latest
    event. The same `event_id` again returns the same event and changes nothing. Raises NothingToUndo, StaleCard or
    EventClash.
    """
    if found := earlier(user, event_id):
        return _same(found, is_undo=True)
    now = Moment(at, clock, event_id)
    standing = Review.objects.for_user(user).undoable(at)
    latest = _with_batch(standing.filter(card__flashcard=only) if only else standing)
    if not latest:
        raise NothingToUndo("There is no rating of the last day to take back.")
    return _each(user, latest, now, _undone)


@transaction.atomic
def redo(user: models.Model, at: dt.datetime, clock: StudyClock, event_id: uuid.UUID) -> Review:
    """Do again what the latest undo took back. Returns the new event. Raises NothingToRedo, StaleCard or EventClash."""
    if found := earlier(user, event_id):
        return _same(found, is_undo=False)
    now = Moment(at, clock, event_id)
    latest = _with_batch(Review.objects.for_user(user).redoable(at))
    if not latest:
        raise NothingToRedo(
            "There is nothing to do again: something new has happened since, or nothing was taken back."
        )
    return _each(user, latest, now, _redone)


def _with_batch(events: ReviewQuerySet) -> list[Review]:
    """The first of the events, and those of its batch."""
    related = events.select_related("card__flashcard__topic", "card__flashcard__question", "undoes")
    first = related.first()
    if first is None or first.batch is None:
        return [first] if first else []
    return list(related.filter(batch=first.batch))


def _each(
    user: models.Model, events: list[Review], now: Moment, act: Callable[[Review, Moment], Review | None]
) -> Review:
    made: Review | None = None
    for number, event in enumerate(events):
        event_id = now.event_id if number == 0 else uuid.uuid5(now.event_id, str(number))
        done = act(event, replace(now, event_id=event_id))
        if done is None:
            if found := earlier(user, now.event_id):
                return found
            raise StaleCard(shown(user, event.card.flashcard, now.at))
        made = made or done
    assert made is not None
    return made


def _undone(event: Review, now: Moment) -> Review | None:
    card = event.card
    promoted = event.kind == Review.Kind.RATING and event.promoted_at is not None
    return append(
        card,
        now,
        Review.Kind.UNDO,
        Memory.from_json(event.before),
        event.marks or card.marks,
        promoted_at=event.promoted_at if promoted else card.promoted_at,
        reason=event.reason if promoted else card.reason,
        settings=Settings.from_json(event.settings),
        undoes=event,
        flashcard_version=event.flashcard_version,
        batch=_answering_batch(event),
    )


def _redone(event: Review, now: Moment) -> Review | None:
    """`event` is an undo. The new event says what the first one said; only its time and its id are its own."""
    first, card = event.undoes, event.card
    assert first is not None
    cleared = first.kind == Review.Kind.RATING
    return append(
        card,
        now,
        Review.Kind(first.kind),
        Memory.from_json(first.after),
        first.marks_after or card.marks,
        promoted_at=None if cleared else card.promoted_at,
        reason="" if cleared else card.reason,
        settings=Settings.from_json(first.settings),
        redoes=event,
        rating=first.rating,
        duration_ms=first.duration_ms,
        flashcard_version=first.flashcard_version,
        load=first.load,
        zone=first.zone,
        day_start_hour=first.day_start_hour,
        study_day=first.study_day,
        batch=_answering_batch(event),
    )


def _answering_batch(event: Review) -> uuid.UUID | None:
    """The batch of the events that answer a batch: the same for all of them, and another than theirs."""
    return uuid.uuid5(event.batch, event.kind) if event.batch else None


def _same(found: Review, *, is_undo: bool) -> Review:
    if (found.kind == Review.Kind.UNDO) != is_undo or (not is_undo and found.redoes_id is None):
        raise EventClash(USED_BEFORE)
    return found
