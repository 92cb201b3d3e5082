"""A learner's whole deck as arrays, what is recalled of it on a day, and what one more look at each card would add."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from quizzes.readiness.curve import Array, Curve
from quizzes.scheduling import Rating

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Effort:
    """Seconds that one look at a card takes: met for the first time with its steps (three ratings), recalled (one), or
    forgotten and learned again (two). `first_recall` is the probability that a card never seen is known already.
    Guesses until the learner's own log says better."""

    new: float = 27
    recalled: float = 9
    forgotten: float = 18
    first_recall: float = 0.7

    def at_pace(self, seconds_per_card: float) -> Self:
        """The same proportions at another pace; `seconds_per_card` is what a recalled card takes."""
        scale = seconds_per_card / self.recalled
        return replace(self, new=self.new * scale, recalled=seconds_per_card, forgotten=self.forgotten * scale)


class Row(NamedTuple):
    """One card: memory None where it was never met. `due` counts study days until it comes back of itself, `once` says
    that it was seen on one study day only, `kin` numbers the question it is cut from (None: no other card is)."""

    stability: float | None
    difficulty: float | None
    elapsed: int | None
    weight: float = 1.0
    topic: int = 0
    due: int = 0
    once: bool = False
    kin: int | None = None


@dataclass(frozen=True, eq=False)
class Deck:
    """Cards in the order in which they are to be met. Every field has the shape (cards,).

    `stability` (days) and `difficulty` are NaN for a card never met, `elapsed` counts study days since it was last
    seen. `weight` is how much a card counts for this learner's interview; `topic` numbers its topic. `due`, `once` and
    `kin` as in Row; cards of one kin give each other's answer away, so a day holds one of them.
    """

    stability: Array
    difficulty: Array
    elapsed: Array
    weight: Array
    topic: Ints
    due: Array
    once: Bools
    kin: Ints

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        cards = list(rows)
        return cls(
            stability=_floats(row.stability for row in cards),
            difficulty=_floats(row.difficulty for row in cards),
            elapsed=np.nan_to_num(_floats(row.elapsed for row in cards)),
            weight=_floats(row.weight for row in cards),
            topic=np.array([row.topic for row in cards], np.int64),
            due=_floats(row.due for row in cards),
            once=np.array([row.once for row in cards], bool),
            kin=np.array([-1 - n if row.kin is None else row.kin for n, row in enumerate(cards)], np.int64),
        )

    def __len__(self) -> int:
        return len(self.stability)

    @property
    def met(self) -> Bools:
        return ~np.isnan(self.stability)

    @property
    def seen_today(self) -> Bools:
        return self.met & (self.elapsed < 1)

    def recall(self, curve: Curve, ahead: float = 0) -> Array:
        """The probability of recall `ahead` study days from today if nothing more is done; 0 for a card never met."""
        with np.errstate(invalid="ignore"):
            return np.nan_to_num(curve.recall(self.stability, self.elapsed + ahead))


def _floats(values: Iterable[float | None]) -> Array:
    return np.array([np.nan if value is None else value for value in values], float)


@dataclass(frozen=True, eq=False)
class Gain:
    """For one look at each card today: recall on the day that it adds (0 to 1, weighted), and seconds that it takes."""

    recall: Array
    seconds: Array

    @property
    def rate(self) -> Array:
        return np.asarray(self.recall / self.seconds)


def gain(deck: Deck, curve: Curve, ahead: int, effort: Effort) -> Gain:
    """What one look at each card today adds on the day that lies `ahead`. Nothing where it was seen today already."""
    good, bad = learned(curve, known=True)[0], learned(curve, known=False)[0]
    first = effort.first_recall
    fresh = first * curve.recall(good, ahead) + (1 - first) * curve.recall(bad, ahead)
    met = deck.met
    adds = np.where(met, 0.0, fresh)
    seconds = np.where(met, effort.recalled, effort.new)
    again = met & (deck.elapsed >= 1)
    stability, difficulty, elapsed = deck.stability[again], deck.difficulty[again], deck.elapsed[again]
    now = curve.recall(stability, elapsed)
    known, _ = curve.remembered(stability, difficulty, elapsed)
    lost, _ = relearned(curve, stability, difficulty, elapsed)
    later = now * curve.recall(known, ahead) + (1 - now) * curve.recall(lost, ahead)
    adds[again] = later - curve.recall(stability, elapsed + ahead)
    seconds[again] = now * effort.recalled + (1 - now) * effort.forgotten
    return Gain(deck.weight * adds, seconds)


def met_twice(curve: Curve, ahead: int, effort: Effort) -> float:
    """The recall to expect on the day that lies `ahead` of a card met today and seen once more half-way."""
    memories = (learned(curve, known=True), learned(curve, known=False))
    deck = Deck.of(Row(float(stability), float(difficulty), ahead // 2) for stability, difficulty in memories)
    left = ahead - ahead // 2
    recall = deck.recall(curve, left) + gain(deck, curve, left, effort).recall
    return float(recall @ (effort.first_recall, 1 - effort.first_recall))


def learned(curve: Curve, *, known: bool) -> tuple[Array, Array]:
    """Stability and difficulty at the end of the day on which a card is first met: after its steps of minutes."""
    stability, difficulty = map(np.asarray, curve.first(Rating.GOOD if known else Rating.AGAIN))
    for _ in range(1 if known else 2):
        stability, difficulty = curve.repeated(stability, difficulty, Rating.GOOD)
    return stability, difficulty


def relearned(curve: Curve, stability: Array, difficulty: Array, elapsed: Array) -> tuple[Array, Array]:
    """Stability and difficulty at the end of a day on which a card was forgotten and learned again."""
    stability, difficulty = curve.forgotten(stability, difficulty, elapsed)
    return curve.repeated(stability, difficulty, Rating.GOOD)
