"""Planned breaks, and catching up after unplanned ones. Cards only wait longer: what is remembered of them, and the
day on which they were due, stay as they are, so that the next rating is judged by the days that really passed.

Among many waiting cards those most likely still remembered come first: they are saved with the least effort, while the
others lose little more by a few days of waiting.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from quizzes.models import Break, Card
from quizzes.models.card import CardQuerySet
from quizzes.planning import ONE_DAY, Terms

LONGEST_BREAK_DAYS = 366
MOST_BREAKS = 20  # planned at a time
MOST_DAYS = 60  # that a backlog is spread over
SPREAD_AT_MOST_DAYS = 14  # after a break, even a long one
_AT_ONCE = 500  # rows of one update


class BadBreak(ValueError):  # noqa: N818 - it is the break that is bad
    """The message is a sentence for the learner."""


@transaction.atomic
def plan_break(user: models.Model, first: dt.date, last: dt.date, today: dt.date) -> Break:
    """Plan a break and move what falls due in it to the days after it. Raises BadBreak."""
    if last < first:
        raise BadBreak("The break ends before it begins.")
    if last < today:
        raise BadBreak("These days are over already.")
    if (last - first).days >= LONGEST_BREAK_DAYS:
        raise BadBreak("A break lasts a year at most.")
    if Break.objects.for_user(user).not_over(today).count() >= MOST_BREAKS:
        raise BadBreak(f"There are {MOST_BREAKS} breaks planned already.")
    made, _ = Break.objects.get_or_create(user_id=user.pk, first_day=first, last_day=last)
    _move_off_breaks(user, today)
    return made


@transaction.atomic
def call_off(user: models.Model, one: Break, today: dt.date) -> None:
    """Give up a break: its days count like any other, and the cards moved off it come when they are due."""
    one.delete()
    _move_off_breaks(user, today)


@transaction.atomic
def spread_backlog(user: models.Model, days: int, today: dt.date) -> int:
    """Spread the cards that have waited since before today evenly over so many days, today being the first. Returns how
    many there were. `days` is from 1 to MOST_DAYS; 1 lets all of them come today. Raises ValueError for anything else.
    """
    if days not in range(1, MOST_DAYS + 1):
        raise ValueError(f"A backlog is spread over 1 to {MOST_DAYS} days.")
    _release(user, Card.Held.SPREAD)
    waiting = most_likely_first(backlog(user, today), today)
    terms = Terms(breaks=tuple(Break.objects.for_user(user).not_over(today)))
    _wait(waiting, _open_days(today, days, terms), Card.Held.SPREAD, today)
    return len(waiting)


def backlog(user: models.Model, today: dt.date) -> CardQuerySet:
    """Learned cards that have waited since before today, those spread over the coming days included."""
    cards = Card.objects.for_user(user).learned()
    return cards.filter(due_day__lt=today).exclude(held_for=Card.Held.BURIED, held_until__gt=today)


def most_likely_first(cards: CardQuerySet, today: dt.date) -> list[int]:
    """The keys, the highest predicted recall first: it falls with the days passed, measured in stabilities."""
    rows = cards.order_by().values_list("pk", "stability", "last_day")
    aged = [((today - last).days / stability, key) for key, stability, last in rows if stability and last]
    return [key for _, key in sorted(aged)]


def _move_off_breaks(user: models.Model, today: dt.date) -> None:
    """Let every card that would come on a day of a break wait for the days after it."""
    _release(user, Card.Held.BREAK)
    terms = Terms(breaks=tuple(Break.objects.for_user(user).not_over(today)))
    mine = Card.objects.for_user(user)
    for one in terms.breaks:
        length = min((one.last_day - max(one.first_day, today)).days + 1, SPREAD_AT_MOST_DAYS)
        days = _open_days(terms.first_day_back(one.last_day), length, terms)
        for cards in (mine.learned(), mine.of_labs()):  # each shared out on its own: a lab takes many cards' time
            moved = cards.filter(queue_day__lte=one.last_day)
            if one.first_day > today:
                moved = moved.filter(queue_day__gte=one.first_day)
            _wait(most_likely_first(moved, today), days, Card.Held.BREAK, today)


def _open_days(first: dt.date, number: int, terms: Terms) -> list[dt.date]:
    """So many days from the first on, those of breaks left out."""
    found: list[dt.date] = []
    day = first
    while len(found) < number:
        day = terms.first_day_back(day)
        found.append(day)
        day += ONE_DAY
    return found


def _wait(keys: Sequence[int], days: Sequence[dt.date], why: Card.Held, today: dt.date) -> None:
    """Share the cards out over the days in order, as evenly as it goes."""
    for number, day in enumerate(days):
        # Rounded up, so that few cards come on the first days and not with gaps before them.
        start, end = (-(-place * len(keys) // len(days)) for place in (number, number + 1))
        share = keys[start:end]
        if day <= today:
            continue
        for chunk in _chunks(share):
            # A card that was rated in the meantime has a later day of its own, and is left alone.
            waiting = Card.objects.filter(pk__in=chunk, due_day__lt=day)
            waiting.update(held_until=day, held_for=why, queue_day=day)


def _release(user: models.Model, why: Card.Held) -> None:
    held = Card.objects.for_user(user).filter(held_for=why)
    held.update(held_until=None, held_for="", queue_day=models.F("due_day"))


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
