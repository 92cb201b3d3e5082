"""Fuzz: a small, seeded change of an interval, so that cards learned together do not fall due together for ever.

The ranges are the published ones of FSRS and Anki. The draw differs from py-fsrs in two ways on purpose: it rounds down
as Anki does, so that it never leaves the range and no end of it is rarer than the rest, and it is seeded, so that the
interval on a button is the interval given.
"""

import hashlib
import math
from collections.abc import Mapping

START_DAYS = 2.5  # shorter intervals stay as they are
BALANCED_DAYS = 90  # beyond, the window is wide enough without looking at the load
SIBLING = 1_000_000  # added to the load of a day on which a card of the same question waits
AWAY = 1_000_000_000  # added to the load of a day on which the learner will not review
BANDS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, math.inf, 0.05))  # from day, to day, share of the days between


def window(interval: int, *, shortest: int = 2, longest: int) -> tuple[int, int]:
    """The first and last day that fuzz may choose for an interval of so many days, both included.

    `interval` is at most `longest`; `shortest` never lifts the window above the interval itself.
    """
    if interval < START_DAYS:
        return interval, interval
    delta = 1.0 + sum(share * max(min(interval, end) - start, 0.0) for start, end, share in BANDS)
    return max(2, round(interval - delta), min(shortest, interval)), min(round(interval + delta), longest)


def draw(seed: str) -> float:
    """A number from 0 to below 1 that depends on the seed alone: on any machine, in any year."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) / 2**48


def choose(interval: int, seed: str, *, shortest: int = 2, longest: int, load: Mapping[int, int] | None = None) -> int:
    """The interval in days, moved within its window by the seed.

    Each day of the window is as likely as the others, unless `load` says how many cards wait on which of the coming
    days: then a day is the likelier the less waits on it. It stays a draw, because sending every card of a session to
    the emptiest day would fill it. Days of a sibling, and still more days of a break, are only taken if every day of
    the window is one.
    """
    low, high = window(interval, shortest=shortest, longest=longest)
    days = list(range(low, high + 1))
    if load is None or interval > BALANCED_DAYS:
        load = {}
    least = min(_blocked(load.get(day, 0)) for day in days)
    days = [day for day in days if _blocked(load.get(day, 0)) == least]
    weights = [(1 + load.get(day, 0) % SIBLING) ** -2 for day in days]
    mark = draw(seed) * sum(weights)
    for day, weight in zip(days, weights, strict=True):
        mark -= weight
        if mark < 0:
            return day
    return days[-1]


def _blocked(waiting: int) -> int:
    return 0 if waiting < SIBLING else 1 if waiting < AWAY else 2
