"""Intervals and days as a reader says them. Pure."""

import datetime as dt

from quizzes.scheduling import Memory, StudyClock

_YEAR_DAYS = 365.25
_A_WEEK_DAYS = 7


def interval(memory: Memory) -> str:
    """How long until the card comes back, counted from its last review: "10 min", "11 days", "3.7 years"."""
    days = memory.interval_days
    if days >= _YEAR_DAYS:
        return f"{days / _YEAR_DAYS:.1f} years"
    if days:
        return "1 day" if days == 1 else f"{days} days"
    minutes = round((memory.due - memory.last_review).total_seconds() / 60) if memory.last_review else 0
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"  # minutes


def when(instant: dt.datetime, at: dt.datetime, clock: StudyClock) -> str:
    """A coming instant, as said at `at`: "today at 14:32", "tomorrow", "on Thursday", "on 4 March 2027"."""
    day, today = clock.day(instant), clock.day(at)
    local = clock.local(instant)
    ahead = (day - today).days
    if ahead <= 0:
        return f"today at {local:%H:%M}"
    if ahead == 1:
        return "tomorrow"
    if ahead < _A_WEEK_DAYS:
        return f"on {day:%A}"
    return f"on {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def in_days(days: int) -> str:
    """So many days from today, as a table says it: "today", "in 3 days", "2 days ago"."""
    if days == 0:
        return "today"
    if days > 0:
        return "tomorrow" if days == 1 else f"in {days} days"
    return "yesterday" if days == -1 else f"{-days} days ago"
