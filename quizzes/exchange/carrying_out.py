"""A plan of incoming cards carried out: all of it or nothing.

Rendering comes before the transaction, and rows are written by the hundred: a package of thousands of cards must not
keep everybody else from writing.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, models, transaction

from quizzes import own_cards, own_media
from quizzes.card_log import Moment, StaleCard, card_uuid, event_of, moved, shown
from quizzes.card_marks import Mark
from quizzes.exchange.anki import originals
from quizzes.exchange.anki.notetype import Original
from quizzes.exchange.incoming import Change, Plan, Step, rating_id
from quizzes.exchange.relived import lived, relive
from quizzes.media_names import renamed
from quizzes.models import Card, Flashcard, Review
from quizzes.planning import DEFAULTS
from quizzes.scheduling import StudyClock

_AT_A_TIME = 500
_AT_A_TIME_CHANGED = 50  # rows in one update, which names each of them in every column
_WRITTEN = ("front", "back", "front_html", "back_html", "kind", "pile", "topic", "version", "updated_at")


def carry_out(user: models.Model, made: Plan, now: dt.datetime, clock: StudyClock) -> None:
    """Do what the plan says, all of it or nothing. Raises own_cards.TooMany, own_media.TooMuch, card_log.StaleCard."""
    rows = [_row(user, step, now) for step in made.steps]
    kept = [
        (row, _renamed(step.original, made.names)) for step, row in zip(made.steps, rows, strict=True) if step.original
    ]
    with transaction.atomic():
        own_media.store(user, made.media, made.names)
        new = [row for step, row in zip(made.steps, rows, strict=True) if step.change is Change.NEW]
        own_cards.make_sure_of_room(user, len(new))
        Flashcard.objects.bulk_create(new, batch_size=_AT_A_TIME)
        changed = [row for step, row in zip(made.steps, rows, strict=True) if step.change is Change.CHANGED]
        Flashcard.objects.bulk_update(changed, _WRITTEN, batch_size=_AT_A_TIME_CHANGED)
        originals.keep(user, kept)
        live = [(step, row) for step, row in zip(made.steps, rows, strict=True) if step.ratings or _is_asleep(step)]
        for start in range(0, len(live), _AT_A_TIME):
            _live(user, live[start : start + _AT_A_TIME], now, clock)


def _row(user: models.Model, step: Step, now: dt.datetime) -> Flashcard:
    """The flashcard as it will be, rendered."""
    card = step.incoming.card
    if card is None or step.change is Change.UNCHANGED:
        assert step.row is not None
        return step.row
    row = own_cards.filled(user, card, row=step.row, card_id=step.id)
    row.updated_at = now  # writing many rows at once does not set it
    return row


def _renamed(original: Original, names: Mapping[str, str]) -> Original:
    """With the names that its pictures and sounds have here."""
    return dataclasses.replace(original, fields=tuple(renamed(text, names) for text in original.fields))


def _is_asleep(step: Step) -> bool:
    return step.incoming.suspended and step.change is Change.NEW


def _live(user: models.Model, steps: Sequence[tuple[Step, Flashcard]], now: dt.datetime, clock: StudyClock) -> None:
    """Their ratings, and the suspensions of new ones. Cards that are not met yet are made with all that happened."""
    met = Card.objects.for_user(user).filter(flashcard__in=[row for _, row in steps])
    known = {card.flashcard_id: card for card in met}
    cards: list[Card] = []
    events: list[Review] = []
    for step, row in steps:
        ratings = {rating_id(step.id, one.key): one for one in step.ratings}
        if card := known.get(row.pk):
            card.flashcard = row
            relive(card, ratings, now, clock)
            continue
        card = Card(uuid=card_uuid(user, row), user_id=user.pk, flashcard=row, due=now)
        if ratings:
            happened, values = lived(card, ratings, now, clock)
            events += happened
            _move(card, values)
        if _is_asleep(step):
            events.append(_suspended(card, step, now, clock))
        cards.append(card)
    try:
        with transaction.atomic():
            Card.objects.bulk_create(cards)
    except IntegrityError as error:  # one of them was met at this very moment
        raise StaleCard(shown(user, cards[0].flashcard, now)) from error
    Review.objects.bulk_create(events, batch_size=_AT_A_TIME)


def _suspended(card: Card, step: Step, now: dt.datetime, clock: StudyClock) -> Review:
    moment = Moment(now, clock, uuid.uuid5(step.id, "suspended on arrival"))
    marks = card.marks | Mark.SUSPEND.change(moment.today)
    event = event_of(card, moment, Review.Kind.MARK, card.memory, marks, settings=DEFAULTS)
    _move(card, moved(card, card.memory, marks))
    return event


def _move(card: Card, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(card, name, value)
