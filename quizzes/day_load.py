"""What waits on the coming study days, as fuzz weighs it when it chooses a day."""

import datetime as dt
from collections.abc import Sequence

from django.db import models

from quizzes.models import Break, Card, Flashcard
from quizzes.scheduling import Load, Memory, fuzz

LOAD_AHEAD = dt.timedelta(days=100)  # the farthest day that fuzz.BALANCED_DAYS can reach, and a little
_WINDOW_DAYS = 15  # no balanced window is wider


def load(user: models.Model, flashcard: Flashcard, today: dt.date, breaks: Sequence[Break] = ()) -> dict[dt.date, int]:
    """How many learned cards wait on each of the coming study days; days of a sibling and of a planned break are
    blocked.

    Cards seen today are left out, siblings excepted: what a button promises does not change while others are rated.
    """
    last = today + LOAD_AHEAD
    cards = Card.objects.for_user(user).filter(queue_day__gt=today, queue_day__lte=last, suspended=False)
    others = cards.exclude(last_day=today).values_list("queue_day").annotate(models.Count("pk")).order_by()
    found = {day: number for day, number in others if day}
    if flashcard.question_id is not None:
        siblings = cards.filter(flashcard__question=flashcard.question_id).exclude(flashcard=flashcard)
        for day in siblings.values_list("queue_day", flat=True):
            if day:
                found[day] = found.get(day, 0) + fuzz.SIBLING
    for one in breaks:
        for day in _days(max(one.first_day, today), min(one.last_day, last)):
            found[day] = found.get(day, 0) + fuzz.AWAY
    return found


def around(memory: Memory, waiting: Load) -> dict[str, int]:
    """The part of the load that fuzz can have looked at, as JSON: its window lies this near the chosen day."""
    if memory.due_day is None or memory.interval_days > fuzz.BALANCED_DAYS + _WINDOW_DAYS:
        return {}
    due = memory.due_day
    return {day.isoformat(): number for day, number in waiting.items() if abs((day - due).days) <= _WINDOW_DAYS}


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
