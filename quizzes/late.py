"""A rating that arrives late: given earlier than others that the log holds already, as by a device without a network.

Both were given, so both stand, and the card is what it would be had they arrived in the order of their times. The log
only grows: the later ratings are taken back by events of their own, the late one joins at its time, and the later ones
follow once more, with the time, the settings and the load that they had.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import models, transaction

from quizzes import reviewing
from quizzes.card_log import Moment, StaleCard, append, earlier, shown
from quizzes.models import Card, Flashcard, Review
from quizzes.planning import Terms
from quizzes.scheduling import Load, Memory, Settings, StudyClock, next_state


@dataclass(frozen=True)
class Late:
    """What was given, when, and under which id."""

    id: uuid.UUID
    rating: int
    at: dt.datetime
    duration_ms: int | None = None


@transaction.atomic
def record(
    user: models.Model, flashcard: Flashcard, late: Late, now: dt.datetime, clock: StudyClock, terms: Terms
) -> Review:
    """Count the rating at its own time. `now` is when it arrived.

    The same id again returns the same review and changes nothing. Raises StaleCard if another request was faster,
    EventClash if the id belongs to something else.
    """
    card = Card.objects.for_user(user).select_related("flashcard").filter(flashcard=flashcard).first()
    later = _from_the_first_later_one(card, late.at) if card and not earlier(user, late.id) else []
    if card is None or not later:
        return reviewing.record_review(
            user,
            flashcard,
            late.rating,
            late.at,
            clock,
            event_id=late.id,
            version=card.version if card else 0,
            duration_ms=late.duration_ms,
            terms=terms,
        )
    for event in reversed(later):
        _take_back(card, event, Moment(now, clock, uuid.uuid5(event.uuid, f"taken back for {late.id}")))
    for event in [one for one in later if one.at <= late.at]:
        _follow(card, event, late, terms)
    made = _add(card, late.rating, Moment(late.at, clock, late.id), terms, {}, late.duration_ms)
    for event in [one for one in later if one.at > late.at]:
        _follow(card, event, late, terms)
    return made


def _from_the_first_later_one(card: Card, at: dt.datetime) -> list[Review]:
    """The standing ratings from the first that was given later on, in the order of the log."""
    standing = Review.objects.standing().filter(card=card).order_by("pk")
    first = standing.filter(at__gt=at).first()
    return list(standing.filter(pk__gte=first.pk)) if first else []


def _take_back(card: Card, event: Review, now: Moment) -> None:
    taken = append(
        card,
        now,
        Review.Kind.UNDO,
        Memory.from_json(event.before),
        card.marks,
        promoted_at=card.promoted_at,
        reason=card.reason,
        settings=Settings.from_json(event.settings),
        undoes=event,
        flashcard_version=event.flashcard_version,
    )
    _go_on(card, taken)


def _follow(card: Card, event: Review, late: Late, terms: Terms) -> None:
    """The rating once more, as it was given. Breaks are those planned now."""
    clock = StudyClock(event.zone, event.day_start_hour)
    load = {dt.date.fromisoformat(day): number for day, number in event.load.items()}
    moment = Moment(event.at, clock, uuid.uuid5(event.uuid, f"once more after {late.id}"))
    given = replace(terms, settings=Settings.from_json(event.settings))
    _add(card, event.rating or 0, moment, given, load, event.duration_ms)


def _add(card: Card, rating: int, moment: Moment, terms: Terms, load: Load, duration_ms: int | None) -> Review:
    after = next_state(card.memory, rating, moment.at, moment.clock, terms.settings, str(card.uuid), load)
    event = append(
        card,
        moment,
        Review.Kind.RATING,
        after,
        card.marks | terms.hold_over_breaks(after.due_day),
        settings=terms.settings,
        rating=rating,
        duration_ms=duration_ms,
        load={day.isoformat(): number for day, number in load.items()},
    )
    return _go_on(card, event)


def _go_on(card: Card, event: Review | None) -> Review:
    if event is None:
        raise StaleCard(shown(card.user, card.flashcard, card.due))
    card.refresh_from_db()
    return event
