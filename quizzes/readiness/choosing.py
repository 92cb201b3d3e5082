"""The cards of one day of a plan: the ones that the review queue then gives, and no others.

In this order, as far as the day's time goes: second looks for which later days leave no time; what is due; new cards,
as many as later days have time to show once more; and, while there is time, what is the least sure. So every card that
is met is met again before the date, and what is forecast is what is done.

Where there is no time to meet every card twice, a third look has to add as much in its seconds as a new card would;
else it waits for the last days, in which nothing new is met.
"""

import math
from dataclasses import dataclass

import numpy as np

from quizzes.readiness.curve import Array, Curve
from quizzes.readiness.deck import Bools, Deck, Effort, Gain, Ints, gain, met_twice

RECALL_WHEN_DUE = 0.8
"""A card comes back when its recall falls to this. Before a date, time goes further in cards met than in certainty: in
benchmarks/readiness.py 0.9, the usual aim of an endless schedule, ends below 0.8 at the same minutes."""
RECALL_LEFT_ALONE = 0.9  # with time to spare, cards surer than this still rest
KEPT_BACK = 0.95  # the share of later days' time that second looks may fill: some are forgotten and take longer
_MUST, _DUE, _NEW, _EARLY, _NOT = range(5)


@dataclass(frozen=True)
class CardTime:
    """One study day's time for cards, in seconds. `new` False: nothing is met for the first time, as on the last day;
    `last`: the eve, on which a look at anything helps."""

    seconds: float
    new: bool = True
    last: bool = False


def second_look(effort: Effort) -> float:
    """Seconds of an average look at a card that was seen before."""
    return 0.85 * effort.recalled + 0.15 * effort.forgotten


def choose(
    deck: Deck, curve: Curve, ahead: int, effort: Effort, time: CardTime, later: float = 0.0
) -> tuple[Array, Bools]:
    """The seconds that a look at each card takes (cards,), and which cards (cards,) are looked at on one day. The
    interview lies `ahead` days from it, and the days between have `later` seconds for cards."""
    worth = gain(deck, curve, ahead, effort)
    classes, room = _classes(deck, curve, worth, ahead, effort, time, later)
    order = _in_order(deck, worth, classes)
    new = classes[order] == _NEW
    order = order[~new | (np.cumsum(new) <= room)]
    fits = np.cumsum(worth.seconds[order]) <= time.seconds
    chosen = np.zeros(len(deck), bool)
    chosen[order[fits]] = True
    return worth.seconds, chosen


def _classes(
    deck: Deck, curve: Curve, worth: Gain, ahead: int, effort: Effort, time: CardTime, later: float
) -> tuple[Ints, float]:
    """The class of each card, _NOT for those left for another day; and how many may be new."""
    look = second_look(effort)
    waiting = deck.met & (deck.elapsed >= 1)
    found = np.full(len(deck), _NOT)
    sure = deck.recall(curve) > RECALL_LEFT_ALONE
    found[waiting & (worth.recall > 0) & (time.last | ~sure)] = _EARLY
    unshown = deck.met & deck.once
    found[waiting & (deck.due <= 0) & (deck.once | ~_outweighed(deck, curve, worth, ahead, effort, time, later))] = _DUE
    kin = np.unique(deck.kin, return_inverse=True)[1]
    of_kin = np.bincount(kin, weights=unshown)[kin] if len(deck) else np.zeros(0)
    owed = np.flatnonzero(waiting & deck.once)
    pressing = of_kin[owed] >= ahead  # one a day of each kin, and there are no more days than these
    owed = owed[np.lexsort((-worth.rate[owed], ~pressing))]
    too_many = math.ceil(max(0.0, unshown.sum() * look - KEPT_BACK * later) / look)
    found[owed[: max(too_many, int(pressing.sum()))]] = _MUST
    if not time.new:
        return found, 0
    found[~deck.met & ((of_kin + 1 < ahead) | (not later))] = _NEW
    still = unshown.sum() - len(np.unique(kin[owed[found[owed] <= _DUE]]))  # one a day of each kin
    return found, (KEPT_BACK * later / look - still if later else math.inf)


def _outweighed(
    deck: Deck, curve: Curve, worth: Gain, ahead: int, effort: Effort, time: CardTime, later: float
) -> Bools:
    """The cards (cards,) on which a second is spent worse than on one that is new. None, where all can be met twice."""
    new, look = ~deck.met, second_look(effort)
    wanted = new.sum() * (effort.new + look) + (deck.met & deck.once).sum() * look
    if not time.new or wanted <= time.seconds + later:
        return np.zeros(len(deck), bool)
    return np.asarray(worth.rate < deck.weight[new].mean() * met_twice(curve, ahead, effort) / (effort.new + look))


def _in_order(deck: Deck, worth: Gain, classes: Ints) -> Ints:
    """Places of the day's candidates: class by class, new cards as they stand in the deck and the others by what a
    second adds; of each kin the first alone, and none that was seen today."""
    key = np.where(classes == _NEW, np.arange(len(deck)), -worth.rate)
    order = np.lexsort((key, classes))
    order = order[classes[order] != _NOT]
    order = order[~np.isin(deck.kin[order], deck.kin[deck.seen_today])]
    _, first = np.unique(deck.kin[order], return_index=True)
    return np.asarray(order[np.sort(first)])
