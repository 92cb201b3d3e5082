"""What a learner's log says about forgetting: all ratings as columns, and what was known before those that test memory.

One query whatever the length of the log. Most of its cost would be parsing two JSON values for every row, so both are
read as text: settings repeat themselves, and states are parsed only where a later study day makes the rating a test.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import models
from django.db.models.functions import Cast
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizzes.fitting import Log
from quizzes.fitting.log import Bools, Ints
from quizzes.models import Review
from quizzes.readiness import curve
from quizzes.readiness.curve import Array
from quizzes.scheduling import State

_AT_A_TIME = 5_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """`log` holds every rating that stands. The other columns have a row for each that was given on a later study day
    than the card's rating before (`log.tested`), in the order of the log: the study `day`, whether it was `recalled`,
    the days `elapsed`, the `stability` and the `interval` in days that the card had, whether it was `learned` (and not
    in its steps), and the recall `predicted` at that moment."""

    log: Log
    day: Ints
    recalled: Bools
    elapsed: Ints
    stability: Array
    interval: Ints
    learned: Bools
    predicted: Array

    def __len__(self) -> int:
        return len(self.day)


def log_of(user: models.Model) -> Log:
    """The ratings alone."""
    rows = _standing(user).values_list("card_id", "study_day", "rating").iterator(chunk_size=_AT_A_TIME)
    return Log.of((card, day.toordinal(), rating or 0) for card, day, rating in rows)


def evidence_of(user: models.Model) -> Evidence:
    text = models.TextField()
    columns = ("card_id", "study_day", "rating", Cast("before", text), Cast("settings", text))
    given: list[tuple[int, int, int]] = []
    before: list[str] = []
    decay: list[float] = []
    for card, day, rating, state, settings in _standing(user).values_list(*columns).iterator(chunk_size=_AT_A_TIME):
        given.append((card, day.toordinal(), rating))
        before.append(state)
        decay.append(_decay(settings))
    log = Log.of(given)
    rows = log.turn[log.tested]
    states = list(_parsed([before[row] for row in rows.tolist()]))
    elapsed = log.elapsed[log.tested]
    stability = np.array([state["stability"] or 1.0 for state in states], float)
    return Evidence(
        log=log,
        day=log.day[log.tested],
        recalled=log.recalled[log.tested],
        elapsed=elapsed,
        stability=stability,
        interval=np.array([_interval(state) for state in states], np.int64),
        learned=np.array([state["state"] == State.REVIEW for state in states], bool),
        predicted=_recall(stability, elapsed, np.array(decay)[rows] if len(rows) else np.zeros(0)),
    )


def _standing(user: models.Model) -> models.QuerySet[Review]:
    return Review.objects.for_user(user).standing().order_by("pk")


def _parsed(texts: list[str]) -> Iterator[dict[str, Any]]:
    """Many at once: half of the time of one by one."""
    for start in range(0, len(texts), _AT_A_TIME):
        yield from json.loads(f"[{','.join(texts[start : start + _AT_A_TIME])}]")


def _interval(state: dict[str, Any]) -> int:
    if not state["due_day"] or not state["last_day"]:
        return 0
    return (dt.date.fromisoformat(state["due_day"]) - dt.date.fromisoformat(state["last_day"])).days


@lru_cache(maxsize=256)
def _decay(settings: str) -> float:
    """The last weight of the parameters that a review was scheduled with."""
    parameters = json.loads(settings).get("parameters") or DEFAULT_PARAMETERS
    return float(parameters[-1])


def _recall(stability: Array, elapsed: Ints, decay: Array) -> Array:
    found = np.zeros(len(stability))
    for one in np.unique(decay):
        which = decay == one
        found[which] = curve((*DEFAULT_PARAMETERS[:-1], float(one))).recall(stability[which], elapsed[which])
    return found
