"""The days until the interview, played several times over: what is remembered on the day if the plan is followed.

Each path is one possible future of the same deck: on every day the cards that add most per second are looked at until
the day's time is used, each is recalled or not as its predicted recall says, and its memory moves on. Several paths
together give the expectation and how far it may be off by chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from quizzes.readiness.curve import Array, Curve
from quizzes.readiness.deck import Deck, Effort, gain, learned, relearned

PATHS = 4


@dataclass(frozen=True)
class CardTime:
    """One study day's time for cards. `new` False: nothing is met for the first time, as on the last day."""

    seconds: float
    new: bool = True


@dataclass(frozen=True, eq=False)
class Future:
    """`recall` (paths, cards) on the day itself; per day before it, means over the paths: seconds used, cards met for
    the first time, and cards seen again."""

    recall: Array
    seconds: Array
    new: Array
    again: Array


def play(
    deck: Deck,
    curve: Curve,
    days: Sequence[CardTime],
    effort: Effort,
    rng: np.random.Generator,
    *,
    paths: int = PATHS,
    ahead: int | None = None,
) -> Future:
    """Follow the plan over `days`, today first. The interview comes `ahead` days from today, by default after them."""
    ahead = len(days) if ahead is None else ahead
    state = deck.on_paths(paths)
    seconds, new, again = (np.zeros(len(days)) for _ in range(3))
    for number, time in enumerate(days):
        used, chosen = choose(state, curve, ahead - number, effort, time)
        met = state.met
        seconds[number] = used.sum() / paths
        new[number] = (chosen & ~met).sum() / paths
        again[number] = (chosen & met).sum() / paths
        state = _looked_at(state, curve, chosen, effort, rng)
        state = replace(state, elapsed=state.elapsed + 1)
    return Future(state.recall(curve, ahead - len(days)), seconds, new, again)


def choose(deck: Deck, curve: Curve, ahead: int, effort: Effort, time: CardTime) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The seconds and the cards of one day: what adds most per second first, teaching order among equals."""
    worth = gain(deck, curve, ahead, effort)
    rate = worth.rate if time.new else np.where(deck.met, worth.rate, 0.0)
    order = np.argsort(-rate, axis=-1, kind="stable")
    useful = np.take_along_axis(rate, order, -1) > 0
    spent = np.cumsum(np.where(useful, np.take_along_axis(worth.seconds, order, -1), 0.0), axis=-1)
    chosen = np.zeros(rate.shape, bool)
    np.put_along_axis(chosen, order, useful & (spent <= time.seconds), -1)
    return np.where(chosen, worth.seconds, 0.0), chosen


def _looked_at(
    deck: Deck, curve: Curve, chosen: npt.NDArray[np.bool_], effort: Effort, rng: np.random.Generator
) -> Deck:
    """The deck after the day: every chosen card recalled or forgotten by chance, and seen today."""
    stability, difficulty, elapsed = deck.stability.copy(), deck.difficulty.copy(), deck.elapsed.copy()
    luck = rng.random(stability.shape)
    met = deck.met
    fresh = chosen & ~met
    for known, which in ((True, luck < effort.first_recall), (False, luck >= effort.first_recall)):
        stability[fresh & which], difficulty[fresh & which] = learned(curve, known=known)
    again = np.flatnonzero(chosen & met)
    s, d, e = (part.ravel()[again] for part in (deck.stability, deck.difficulty, deck.elapsed))
    recalled = luck.ravel()[again] < curve.recall(s, e)
    for change, which in ((curve.remembered, recalled), (None, ~recalled)):
        place = again[which]
        after = change(s[which], d[which], e[which]) if change else relearned(curve, s[which], d[which], e[which])
        stability.ravel()[place], difficulty.ravel()[place] = after
    elapsed[chosen] = 0
    return replace(deck, stability=stability, difficulty=difficulty, elapsed=elapsed)
