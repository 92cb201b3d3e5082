"""Weights that predict a log best, held near the defaults by what is known of other learners.

Adam over all reviews at once, in coordinates where one unit is the usual distance between learners: with little data
the weights stay near the defaults, with much they go where the log says. The same log gives the same weights.
"""

from collections.abc import Callable

import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from quizzes.fitting.log import Log
from quizzes.fitting.model import loss_and_gradient
from quizzes.readiness.curve import Array

START = np.array(DEFAULT_PARAMETERS)
LOW, HIGH = np.array(LOWER_BOUNDS_PARAMETERS), np.array(UPPER_BOUNDS_PARAMETERS)
FIRST = 4  # the stabilities after the first rating: their logarithms are compared
SPREAD = np.array(
    [1.0] * FIRST
    + [0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25]
    + [1.03, 0.31, 0.32, 0.14, 0.27]
)
"""How far learners lie from the defaults, as standard deviations: fsrs-rs's PARAMS_STDDEV (BSD-3), but for the first
four, which it gives in days."""
ROUNDS = 120
RATE = 0.12  # of a unit, in the first round; it falls to nothing along a cosine
MEAN, SQUARE, TINY = 0.9, 0.99, 1e-9  # Adam's memory of the gradient and of its square


def fit(log: Log, enough: Callable[[], bool] = lambda: False) -> Array:
    """The 21 weights, within py-fsrs's bounds. `enough()` is asked after every round and may end the search early."""
    place, mean, square = (np.zeros(len(START)) for _ in range(3))
    counted = log.tested
    best, least = START, np.inf
    for number in range(1, ROUNDS + 1):
        weights = weights_at(place)
        loss, gradient = loss_and_gradient(log, weights, counted)
        loss += 0.5 * float((place**2).sum())
        if loss < least:
            best, least = weights, loss
        if enough():
            break
        slope = gradient * _by_place(weights) + place
        mean, square = MEAN * mean + (1 - MEAN) * slope, SQUARE * square + (1 - SQUARE) * slope**2
        step = mean / (1 - MEAN**number) / (np.sqrt(square / (1 - SQUARE**number)) + TINY)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * (number - 1) / ROUNDS))
        place = place_of(weights_at(place - rate * step))
    return best


def weights_at(place: Array) -> Array:
    """The weights at a place, moved within their bounds; a better first rating never begins with less stability."""
    weights: Array = START + SPREAD * place
    weights[:FIRST] = START[:FIRST] * np.exp(SPREAD[:FIRST] * place[:FIRST])
    weights = np.clip(weights, LOW, HIGH)
    weights[:FIRST] = np.maximum.accumulate(weights[:FIRST])
    return weights


def place_of(weights: Array) -> Array:
    """The inverse of `weights_at`."""
    place: Array = (weights - START) / SPREAD
    place[:FIRST] = np.log(weights[:FIRST] / START[:FIRST]) / SPREAD[:FIRST]
    return place


def _by_place(weights: Array) -> Array:
    slope: Array = SPREAD.copy()
    slope[:FIRST] *= weights[:FIRST]
    return slope
