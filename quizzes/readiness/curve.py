"""FSRS-6 over whole decks at once: what py-fsrs computes for one card, for arrays of cards.

The formulas are those of FSRS-6 (open-spaced-repetition, "The Algorithm"); the tests hold every one of them against
py-fsrs itself. Arrays of any one shape go in and come out: (cards,), or (paths, cards) where several futures of the
same deck are looked at together. Stability is in days, difficulty runs from 1 to 10, elapsed time is in study days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from fsrs.scheduler import STABILITY_MIN

from quizzes.scheduling import Rating

Array = npt.NDArray[np.float64]
LEAST_DIFFICULTY, MOST_DIFFICULTY = 1.0, 10.0


@dataclass(frozen=True)
class Curve:
    """One learner's memory model: the 21 weights of FSRS-6."""

    weights: tuple[float, ...]

    @property
    def decay(self) -> float:
        return -self.weights[20]

    @property
    def factor(self) -> float:
        return float(0.9 ** (1 / self.decay) - 1)

    def recall(self, stability: Array, elapsed: Array | float) -> Array:
        """The probability of recall after `elapsed` days: by definition 0.9 when they equal the stability."""
        return np.asarray((1 + self.factor * np.maximum(elapsed, 0) / stability) ** self.decay)

    def interval(self, stability: Array, retention: float, longest: int) -> Array:
        """Days until recall falls to `retention`, rounded, from 1 to `longest`."""
        days = stability / self.factor * (retention ** (1 / self.decay) - 1)
        return np.asarray(np.clip(np.round(days), 1, max(1, longest)))

    def first(self, rating: Rating) -> tuple[float, float]:
        """Stability and difficulty after the first rating ever."""
        difficulty = min(max(self._first_difficulty(rating), LEAST_DIFFICULTY), MOST_DIFFICULTY)
        return max(self.weights[rating - 1], STABILITY_MIN), difficulty

    def remembered(self, stability: Array, difficulty: Array, elapsed: Array) -> tuple[Array, Array]:
        """Stability and difficulty after a card was recalled on another day than the last time and rated Good."""
        w = self.weights
        recall = self.recall(stability, elapsed)
        growth = np.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * np.expm1((1 - recall) * w[10])
        return np.maximum(stability * (1 + growth), STABILITY_MIN), self._next_difficulty(difficulty, Rating.GOOD)

    def forgotten(self, stability: Array, difficulty: Array, elapsed: Array) -> tuple[Array, Array]:
        """Stability and difficulty after a card was not recalled on another day than the last time."""
        w = self.weights
        recall = self.recall(stability, elapsed)
        lost = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * np.exp((1 - recall) * w[14])
        lost = np.minimum(lost, stability / np.exp(w[17] * w[18]))
        return np.maximum(lost, STABILITY_MIN), self._next_difficulty(difficulty, Rating.AGAIN)

    def repeated(self, stability: Array, difficulty: Array, rating: Rating) -> tuple[Array, Array]:
        """Stability and difficulty after one more rating on the day of the last one, as in the steps of minutes."""
        w = self.weights
        increase = np.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
        if rating >= Rating.HARD:
            increase = np.maximum(increase, 1.0)
        return np.maximum(stability * increase, STABILITY_MIN), self._next_difficulty(difficulty, rating)

    def _first_difficulty(self, rating: Rating) -> float:
        return float(self.weights[4] - np.exp(self.weights[5] * (rating - 1)) + 1)

    def _next_difficulty(self, difficulty: Array, rating: Rating) -> Array:
        w = self.weights
        damped = difficulty + (10 - difficulty) * -(w[6] * (rating - 3)) / 9
        reverted = w[7] * self._first_difficulty(Rating.EASY) + (1 - w[7]) * damped
        return np.asarray(np.clip(reverted, LEAST_DIFFICULTY, MOST_DIFFICULTY))


def curve(weights: Sequence[float]) -> Curve:
    return Curve(tuple(weights))
