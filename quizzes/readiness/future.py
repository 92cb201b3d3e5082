"""The days until the interview, played several times over: what is remembered on the day if the plan is followed.

Each path is one possible future of the same deck: on every day the plan's cards are looked at, each is recalled or not
as its predicted recall says, and its memory moves on. Several paths together give the expectation and how far it may be
off by chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from quizzes.readiness.choosing import RECALL_WHEN_DUE, CardTime, choose
from quizzes.readiness.curve import Array, Curve
from quizzes.readiness.deck import Bools, Deck, Effort, learned, relearned

PATHS = 4


@dataclass(frozen=True, eq=False)
class Future:
    """`recall` (paths, cards) on the day itself; `today` (cards,) the cards of the first day, the same on every path;
    per day, means over the paths: seconds used, cards met for the first time, and cards seen again."""

    recall: Array
    today: Bools
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
    today: Bools | None = None,
) -> Future:
    """Follow the plan over `days`, today first; `today` are its cards where they are chosen already. The interview
    comes `ahead` days from today, by default after them."""
    ahead = len(days) if ahead is None else ahead
    later = np.cumsum([0.0, *(day.seconds for day in days[:0:-1])])[::-1]
    seconds, new, again = (np.zeros(len(days)) for _ in range(3))
    recall = np.zeros((paths, len(deck)))
    first = np.zeros(len(deck), bool)
    for path in range(paths):
        state = deck
        for number, time in enumerate(days):
            used, chosen = choose(state, curve, ahead - number, effort, time, float(later[number]))
            if number == 0 and today is not None:
                chosen = today
            if number == 0:
                first = chosen
            seconds[number] += used[chosen].sum() / paths
            new[number] += (chosen & ~state.met).sum() / paths
            again[number] += (chosen & state.met).sum() / paths
            state = looked_at(state, curve, chosen, effort, rng, longest=ahead - number - 1)
        recall[path] = state.recall(curve, ahead - len(days))
    return Future(recall, first, seconds, new, again)


def looked_at(
    deck: Deck, curve: Curve, chosen: Bools, effort: Effort, rng: np.random.Generator, *, longest: int
) -> Deck:
    """The deck on the next morning: every chosen card recalled or forgotten by chance, and none put off for more than
    `longest` days."""
    stability, difficulty, due = deck.stability.copy(), deck.difficulty.copy(), deck.due.copy()
    luck = rng.random(len(deck))
    fresh, again = chosen & ~deck.met, np.flatnonzero(chosen & deck.met)
    for known, which in ((True, luck < effort.first_recall), (False, luck >= effort.first_recall)):
        stability[fresh & which], difficulty[fresh & which] = learned(curve, known=known)
    recalled = luck[again] < curve.recall(stability[again], deck.elapsed[again])
    for change, place in ((curve.remembered, again[recalled]), (None, again[~recalled])):
        memory = stability[place], difficulty[place], deck.elapsed[place]
        stability[place], difficulty[place] = change(*memory) if change else relearned(curve, *memory)
    due[chosen] = curve.interval(stability[chosen], RECALL_WHEN_DUE, longest)
    return replace(
        deck,
        stability=stability,
        difficulty=difficulty,
        elapsed=np.where(chosen, 0, deck.elapsed) + 1,
        due=due - 1,
        once=(deck.once & ~chosen) | fresh,
    )
