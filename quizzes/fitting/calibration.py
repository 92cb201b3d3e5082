"""How predictions of recall compare with what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from quizzes.fitting.log import Bools
from quizzes.fitting.model import SURE
from quizzes.readiness.curve import Array

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
AVERAGE_START, AVERAGE_STEP = 1.2, 0.3  # of a logit


@dataclass(frozen=True)
class Score:
    """Means over the reviews; for both, lower is better."""

    log_loss: float
    brier: float


@dataclass(frozen=True)
class Bin:
    """Predictions from `low` to below `high`: how many, their mean, and the share that was recalled."""

    low: float
    high: float
    reviews: int
    predicted: float
    recalled: float


def score_from(data: Mapping[str, Any]) -> Score:
    """The inverse of `asdict`."""
    return Score(float(data["log_loss"]), float(data["brier"]))


def bin_from(data: Mapping[str, Any]) -> Bin:
    """The inverse of `asdict`."""
    low, high, predicted, recalled = (float(data[name]) for name in ("low", "high", "predicted", "recalled"))
    return Bin(low, high, int(data["reviews"]), predicted, recalled)


def score(predicted: Array, recalled: Bools) -> Score:
    """Both of shape (reviews,), at least one review."""
    p = np.clip(predicted, SURE, 1 - SURE)
    return Score(float(-np.log(np.where(recalled, p, 1 - p)).mean()), float(((predicted - recalled) ** 2).mean()))


def bins(predicted: Array, recalled: Bools) -> list[Bin]:
    """Those that hold a review, the lowest first."""
    place = np.clip(np.searchsorted(EDGES, predicted, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for number in np.unique(place):
        which = place == number
        mean, share = float(predicted[which].mean()), float(recalled[which].mean())
        found.append(Bin(EDGES[number], EDGES[number + 1], int(which.sum()), mean, share))
    return found


def moving_average(recalled: Bools) -> Array:
    """What somebody would predict who knows no cards, only how the reviews just before went: for each review, in the
    order in which they were given. A logit that moves a little towards each outcome; the baseline "MOVING-AVG" of
    srs-benchmark works the same way."""
    found, logit = np.empty(len(recalled)), AVERAGE_START
    for number, known in enumerate(recalled.tolist()):
        share = 1 / (1 + np.exp(-logit))
        found[number] = share
        logit += AVERAGE_STEP * (known - share)
    return found
