"""A history from elsewhere, lived again: folded by our scheduler and written as events of our log."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.card_log import StaleCard, shown
from quizzes.models import Card, Review
from quizzes.models.card import queue_day
from quizzes.scheduling import SCHEDULER, Settings, StudyClock, next_state

# No fuzz: there is no day to choose for what has happened, and the last interval is spread by the next review here.
SETTINGS = Settings(fuzz=False)
_AT_A_TIME = 1000  # events in one statement


@dataclass(frozen=True)
class Rated:
    """A rating from elsewhere. `key` is what it is known by there."""

    key: str
    at: dt.datetime
    rating: int
    duration_ms: int | None = None


def relive(card: Card, ratings: Mapping[uuid.UUID, Rated], now: dt.datetime, clock: StudyClock) -> int:
    """Append the ratings to the card's log in the order of their times and move the card along; say how many.

    In a transaction of the caller's: the card is written once, on the condition that it is still as it was read.
    Raises StaleCard if it is not.
    """
    events, values = lived(card, ratings, now, clock)
    if not events:
        return 0
    if not Card.objects.filter(pk=card.pk, version=card.version).update(**values):
        raise StaleCard(shown(card.user, card.flashcard, now))
    Review.objects.bulk_create(events, batch_size=_AT_A_TIME)
    card.refresh_from_db()
    return len(events)


def lived(
    card: Card, ratings: Mapping[uuid.UUID, Rated], now: dt.datetime, clock: StudyClock
) -> tuple[list[Review], dict[str, Any]]:
    """The events of these ratings, not saved, and the card's columns after them.

    The learner's present zone and day start count, as files do not tell those of then. A rating that lies before the
    card's last review counts as made at its time, as `next_state` has it.
    """
    memory, version, marks = card.memory, card.version, card.marks
    events: list[Review] = []
    for event_id, rated in sorted(ratings.items(), key=lambda one: (one[1].at, str(one[0]))):
        at = min(rated.at, now)
        after = next_state(memory, rated.rating, at, clock, SETTINGS, str(card.uuid))
        left = marks | {"held_until": None, "held_for": ""}
        events.append(
            Review(
                uuid=event_id,
                card=card,
                user_id=card.user_id,
                kind=Review.Kind.RATING,
                rating=rated.rating,
                at=at,
                zone=clock.zone,
                day_start_hour=clock.day_start_hour,
                study_day=clock.day(at),
                card_version=version,
                flashcard_version=card.flashcard.version,
                duration_ms=rated.duration_ms,
                scheduler=SCHEDULER,
                settings=SETTINGS.as_json(),
                marks=marks,
                marks_after=left,
                before=memory.as_json(),
                after=after.as_json(),
            )
        )
        memory, version, marks = after, version + 1, left
    values: dict[str, Any] = vars(memory) | {"version": version, "held_until": None, "held_for": ""}
    values |= {"queue_day": queue_day(memory.due_day, None), "promoted_at": None, "reason": ""}
    return events, values
