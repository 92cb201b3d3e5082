"""Days in a row on which a learner reviewed. Days of a planned break neither count nor end it."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import models

from quizzes.models import Break, Review

LOOKED_AT_DAYS = 3660


def streak(days: Collection[dt.date], today: dt.date, breaks: Sequence[Break]) -> int:
    """How many study days in a row up to today are among `days`. Today may still come."""
    seen, found, day = set(days), 0, today
    if day not in seen:
        day -= dt.timedelta(days=1)
    while True:
        if day in seen:
            found += 1
        elif not any(one.holds(day) for one in breaks):
            return found
        day -= dt.timedelta(days=1)


def streak_of(user: models.Model, today: dt.date) -> int:
    """The learner's streak, in two queries."""
    since = today - dt.timedelta(days=LOOKED_AT_DAYS)
    days = Review.objects.for_user(user).standing().filter(study_day__gt=since).order_by()
    return streak(set(days.values_list("study_day", flat=True).distinct()), today, list(Break.objects.for_user(user)))
