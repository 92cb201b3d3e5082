"""The log of a card's life: one event appended and the card moved along, together or not at all.

The log only grows. Every event names the version of the card that it found; the card is updated on the condition that
this is still its version, so that a stale page or a second tab is refused on every database, with row locks or without.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from quizzes.models import Card, Flashcard, Review
from quizzes.models.card import marks_from, queue_day
from quizzes.scheduling import SCHEDULER, Memory, Settings, State, StudyClock

USED_BEFORE = "This id has been used before. Load the page again, please."


@dataclass(frozen=True)
class Shown:
    """A flashcard as one learner meets it. `version` is what a rating must name; `seed` is what fuzz is drawn from."""

    flashcard: Flashcard
    memory: Memory
    version: int
    seed: str
    reason: str = ""
    flag: Card.Flag = Card.Flag.NONE
    suspended: bool = False
    note: str = ""
    note_html: str = ""

    @property
    def is_new(self) -> bool:
        return self.memory.state is State.NEW


class StaleCard(Exception):  # noqa: N818 - it is the page that is stale
    """The card has changed since the page was made. `shown` is the card as it is now."""

    def __init__(self, shown: Shown) -> None:
        super().__init__("This card has changed since the page was loaded, so the rating was not counted.")
        self.shown = shown


class EventClash(Exception):  # noqa: N818
    """The id of this event belongs to another event already."""


@dataclass(frozen=True)
class Moment:
    """When an event happens, for whom, and under which id: what every act on a card is told."""

    at: dt.datetime
    clock: StudyClock
    event_id: uuid.UUID

    @property
    def today(self) -> dt.date:
        return self.clock.day(self.at)


def card_uuid(user: models.Model, flashcard: Flashcard) -> uuid.UUID:
    """The identity that a learner's card of a flashcard gets: known before the card is made, so that the interval which
    its first rating gives can be shown in advance."""
    return uuid.uuid5(flashcard.uuid, str(user.pk))


def card_of(user: models.Model, flashcard: Flashcard, at: dt.datetime) -> Card:
    """The learner's card of the flashcard, made now if this is the first that happens to it."""
    card, _ = Card.objects.get_or_create(
        user_id=user.pk, flashcard=flashcard, defaults={"uuid": card_uuid(user, flashcard), "due": at}
    )
    return card


def shown(user: models.Model, flashcard: Flashcard, at: dt.datetime) -> Shown:
    """The flashcard as the learner meets it at `at`, due or not."""
    card = Card.objects.for_user(user).filter(flashcard=flashcard).first()
    if card is None:
        return Shown(flashcard, Memory(due=at), 0, str(card_uuid(user, flashcard)))
    card.flashcard = flashcard
    return shown_card(card)


def shown_of_all(user: models.Model, flashcards: Iterable[Flashcard], at: dt.datetime) -> list[Shown]:
    """The flashcards as the learner meets them, in their order and in one query."""
    flashcards = list(flashcards)
    cards = {card.flashcard_id: card for card in Card.objects.for_user(user).filter(flashcard__in=flashcards)}
    found = []
    for flashcard in flashcards:
        if card := cards.get(flashcard.pk):
            card.flashcard = flashcard
            found.append(shown_card(card))
        else:
            found.append(Shown(flashcard, Memory(due=at), 0, str(card_uuid(user, flashcard))))
    return found


def shown_card(card: Card) -> Shown:
    return Shown(
        card.flashcard,
        card.memory,
        card.version,
        str(card.uuid),
        card.reason,
        Card.Flag(card.flag),
        card.suspended,
        card.note,
        card.note_html,
    )


def earlier(user: models.Model, event_id: uuid.UUID) -> Review | None:
    """The event that has this id already, if it is the learner's own. Raises EventClash if it is another's."""
    found = Review.objects.filter(uuid=event_id).select_related("card", "undoes", "redoes").first()
    if found and found.user_id != user.pk:
        raise EventClash(USED_BEFORE)
    return found


def append(
    card: Card,
    now: Moment,
    kind: Review.Kind,
    memory: Memory,
    marks: Mapping[str, Any],
    *,
    promoted_at: dt.datetime | None = None,
    reason: str = "",
    settings: Settings,
    **fields: Any,
) -> Review | None:
    """Move the card to `memory`, `marks` and its place in front, and log it. None if the card is no longer as it was
    read: the update is one statement, so that only one of two writers wins.
    """
    values = moved(card, memory, marks) | {"promoted_at": promoted_at, "reason": reason}
    if not Card.objects.filter(pk=card.pk, version=card.version).update(**values):
        return None
    event = event_of(card, now, kind, memory, marks, settings=settings, **fields)
    event.save(force_insert=True)
    return event


def moved(card: Card, memory: Memory, marks: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the card after an event."""
    held = marks_from(marks)
    values = vars(memory) | held | {"queue_day": queue_day(memory.due_day, held["held_until"])}
    return values | {"version": card.version + 1}


def event_of(
    card: Card,
    now: Moment,
    kind: Review.Kind,
    memory: Memory,
    marks: Mapping[str, Any],
    *,
    settings: Settings,
    **fields: Any,
) -> Review:
    """The event that takes the card, as it is, to `memory` and `marks`; not saved."""
    told = {
        "zone": now.clock.zone,
        "day_start_hour": now.clock.day_start_hour,
        "study_day": now.today,
        "flashcard_version": card.flashcard.version,
        "settings": settings.as_json(),
        "promoted_at": card.promoted_at,
        "reason": card.reason,
    }
    return Review(
        uuid=now.event_id,
        card=card,
        user_id=card.user_id,
        kind=kind,
        at=now.at,
        card_version=card.version,
        scheduler=SCHEDULER,
        marks=card.marks,
        marks_after=dict(marks),
        before=card.memory.as_json(),
        after=memory.as_json(),
        **told | fields,
    )
