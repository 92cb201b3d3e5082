"""Readiness on the day: the share of each topic's cards that will be recalled, its interval, and what an hour adds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizzes.readiness.choosing import CardTime
from quizzes.readiness.curve import Array, Curve
from quizzes.readiness.deck import Bools, Deck, Effort, Ints, gain
from quizzes.readiness.future import PATHS, play

Z = 1.2816  # of the normal distribution: 80 % lie within
MODEL_SD = 0.03
"""How far the memory model itself is off for a whole deck, as a standard deviation of the share recalled: with it, the
truth lies within the interval at least as often as promised in benchmarks/readiness.py, where learners differ from the
model."""
HOUR_SECONDS = 3600.0


@dataclass(frozen=True)
class Share:
    """A predicted share (0 to 1) of cards recalled, and the interval in which it will lie four times in five."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class TopicForecast:
    """`now` today; `rested` on the day if nothing more is done; `followed` on the day if the plan is followed;
    `hour_adds` to the share if the next hour went into this topic alone. All are shares of the topic's cards."""

    topic: int
    cards: int
    met: int
    now: float
    rested: float
    followed: Share
    hour_adds: float


@dataclass(frozen=True)
class Forecast:
    """`today` (cards,) are the cards of the plan's first day; `seconds`, `new` and `again` one number a day."""

    topics: tuple[TopicForecast, ...]
    all: TopicForecast
    seconds: tuple[float, ...]  # for cards, on each day from today
    new: tuple[float, ...]
    again: tuple[float, ...]
    today: Bools


def forecast(
    deck: Deck,
    curve: Curve,
    days: Sequence[CardTime],
    effort: Effort,
    rng: np.random.Generator,
    *,
    ahead: int | None = None,
    model_sd: float = MODEL_SD,
    paths: int = PATHS,
    today: Bools | None = None,
) -> Forecast:
    """Play the plan over `days` and say, for every topic and for all cards, what will be recalled on the day. `today`
    are the first day's cards where they are chosen already."""
    ahead = len(days) if ahead is None else ahead
    future = play(deck, curve, days, effort, rng, paths=paths, ahead=ahead, today=today)
    now, rested = deck.recall(curve), deck.recall(curve, ahead)
    hour = _hour(deck, curve, ahead, effort)
    topics = np.unique(deck.topic)

    def of(topic: int, which: Ints) -> TopicForecast:
        adds = hour.get(topic, 0.0) / max(1, len(which))
        return TopicForecast(
            topic=topic,
            cards=len(which),
            met=int(deck.met[which].sum()),
            now=_mean(now[which]),
            rested=_mean(rested[which]),
            followed=share(future.recall[:, which], model_sd),
            hour_adds=adds,
        )

    places = {int(topic): np.flatnonzero(deck.topic == topic) for topic in topics}
    return Forecast(
        topics=tuple(of(topic, which) for topic, which in places.items()),
        all=of(-1, np.arange(len(deck))),
        seconds=tuple(map(float, future.seconds)),
        new=tuple(map(float, future.new)),
        again=tuple(map(float, future.again)),
        today=future.today,
    )


def share(recall: Array, model_sd: float) -> Share:
    """Of (paths, cards) probabilities: their mean, and the interval of the share that a person will in fact recall.

    Three things make it differ from the mean: which future comes (the spread over paths), whether each card comes to
    mind on the day (a sum of independent Bernoulli draws), and how far the model is off.
    """
    if not recall.size:
        return Share(0.0, 0.0, 0.0)
    means = recall.mean(axis=1)
    chance = float((recall * (1 - recall)).mean() / recall.shape[1])
    mean, spread = float(means.mean()), math.sqrt(float(means.var()) + chance + _bounded(model_sd, means.mean()) ** 2)
    return Share(mean, max(0.0, mean - Z * spread), min(1.0, mean + Z * spread))


def _bounded(model_sd: float, mean: float) -> float:
    """A share near 0 or 1 cannot be far off: there the model's error shrinks with the room that is left."""
    return model_sd * min(1.0, 2 * math.sqrt(max(0.0, mean * (1 - mean))))


def _hour(deck: Deck, curve: Curve, ahead: int, effort: Effort) -> dict[int, float]:
    """For each topic and for all (-1), the sum of recall on the day that its best hour today would add."""
    worth = gain(deck, curve, ahead, effort)
    adds = np.where(deck.weight > 0, worth.recall / np.where(deck.weight > 0, deck.weight, 1), 0.0)
    order = np.argsort(-worth.rate, kind="stable")
    order = order[worth.rate[order] > 0]
    found = {-1: _within_an_hour(adds[order], worth.seconds[order])}
    for topic in np.unique(deck.topic):
        mine = order[deck.topic[order] == topic]
        found[int(topic)] = _within_an_hour(adds[mine], worth.seconds[mine])
    return found


def _within_an_hour(adds: Array, seconds: Array) -> float:
    return float(adds[np.cumsum(seconds) <= HOUR_SECONDS].sum())


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else 0.0
