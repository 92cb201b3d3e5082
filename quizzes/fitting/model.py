"""A whole log folded with given weights: the recall predicted before each rating, and the loss with its gradient.

All cards move together, place by place: the work is a few array operations for each place in the longest history.
"""

from collections.abc import Callable

import numpy as np
from fsrs.scheduler import STABILITY_MIN

from quizzes.fitting import equations
from quizzes.fitting.log import Bools, Ints, Log
from quizzes.readiness.curve import Array

SURE = 1e-6  # no prediction counts as surer than this: a single surprise must not outweigh everything


def predictions(log: Log, weights: Array) -> Array:
    """(reviews,): the predicted recall (0 to 1) before each rating; NaN before a card's first."""
    found = np.full(len(log), np.nan)
    grad = np.zeros(len(weights))
    for rows, recall, _ in _fold(log, weights, grad):
        found[rows] = recall
    return found


def loss_and_gradient(log: Log, weights: Array, counted: Bools) -> tuple[float, Array]:
    """The sum of log losses over the `counted` ratings, and its derivatives by the 21 weights."""
    grad = np.zeros(len(weights))
    loss, backs = 0.0, []
    for rows, recall, back in _fold(log, weights, grad):
        by_recall = np.zeros(len(rows))
        which = counted[rows] if log.place[rows[0]] else np.zeros(len(rows), bool)
        p, y = np.clip(recall[which], SURE, 1 - SURE), log.recalled[rows[which]]
        loss -= float(np.log(np.where(y, p, 1 - p)).sum())
        by_recall[which] = np.where(y, -1 / p, 1 / (1 - p)) * (p == recall[which])
        backs.append((by_recall, back))
    by_stability = by_difficulty = np.zeros(0)
    for by_recall, back in reversed(backs):
        missing = len(by_recall) - len(by_stability)
        by_stability, by_difficulty = (np.pad(one, (0, missing)) for one in (by_stability, by_difficulty))
        by_stability, by_difficulty = back(by_recall, by_stability, by_difficulty)
    return loss, grad


Step = Callable[[Array, Array, Array], tuple[Array, Array]]


def _fold(log: Log, w: Array, grad: Array) -> list[tuple[Ints, Array, Step]]:
    """For each place: its rows, the recall predicted before, and the way back through it."""
    found: list[tuple[Ints, Array, Step]] = []
    stability = difficulty = np.zeros(0)
    for place, rows in enumerate(log.steps):
        rating, elapsed = log.rating[rows], log.elapsed[rows]
        if place == 0:
            recall = np.full(len(rows), np.nan)
            stability, difficulty, back = _first(w, rating, grad)
        else:
            before = stability[: len(rows)], difficulty[: len(rows)]
            recall, stability, difficulty, back = _next(w, *before, elapsed, rating, grad)
        found.append((rows, recall, back))
    return found


def _first(w: Array, rating: Ints, grad: Array) -> tuple[Array, Array, Step]:
    stability, difficulty, begin = equations.first(w, rating, grad)

    def back(_: Array, by_stability: Array, by_difficulty: Array) -> tuple[Array, Array]:
        begin(by_stability, by_difficulty)
        return by_stability, by_difficulty

    return stability, difficulty, back


def _next(
    w: Array, stability: Array, difficulty: Array, elapsed: Ints, rating: Ints, grad: Array
) -> tuple[Array, Array, Array, Step]:
    recall, recall_back = equations.recall(w, stability, elapsed, grad)
    harder, harder_back = equations.difficulty(w, difficulty, rating, grad)
    same = np.flatnonzero(elapsed == 0)
    good = np.flatnonzero((elapsed > 0) & (rating > 1))
    bad = np.flatnonzero((elapsed > 0) & (rating == 1))
    after = np.empty(len(stability))
    after[same], same_back = equations.repeated(w, stability[same], rating[same], grad)
    known = stability[good], difficulty[good], recall[good]
    after[good], good_back = equations.remembered(w, *known, rating[good], grad)
    after[bad], bad_back = equations.forgotten(w, stability[bad], difficulty[bad], recall[bad], grad)
    free = after > STABILITY_MIN

    def back(by_recall: Array, by_stability: Array, by_difficulty: Array) -> tuple[Array, Array]:
        by_after = by_stability * free
        by_before, by_r = np.zeros(len(after)), by_recall.copy()
        by_d = harder_back(by_difficulty)
        by_before[same] = same_back(by_after[same])
        for which, through in ((good, good_back), (bad, bad_back)):
            by_before[which], extra_d, extra_r = through(by_after[which])
            by_d[which] += extra_d
            by_r[which] += extra_r
        return by_before + recall_back(by_r), by_d

    return recall, np.maximum(after, STABILITY_MIN), harder, back
