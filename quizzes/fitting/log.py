"""A learner's ratings as columns, one card after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST_OF_ONE_CARD = 256  # later ratings of a card say nothing new, and a broken import may hold ten thousand


@dataclass(frozen=True, eq=False)
class Log:
    """Arrays of shape (reviews,), sorted by card and within a card as they were given. `day` numbers the study day
    (`date.toordinal`) and never falls within a card; `rating` runs from 1 to 4; `place` counts a card's ratings from 0,
    `turn` those of all cards in the order in which they were given.
    """

    card: Ints
    day: Ints
    rating: Ints
    place: Ints
    turn: Ints

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Self:
        """From (card, day, rating) in the order in which the ratings were given."""
        table = np.array(list(rows), np.int64).reshape(-1, 3)
        turn = np.argsort(table[:, 0], kind="stable")
        card, day, rating = table[turn].T
        _, number, lengths = np.unique(card, return_inverse=True, return_counts=True)
        place = np.arange(len(card)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        # As the scheduler does: a clock that went back counts as the day of the rating before.
        apart = number.astype(np.int64) * 10_000_000
        day = np.maximum.accumulate(day + apart) - apart if len(day) else day
        keep = place < MOST_OF_ONE_CARD
        return cls(card[keep], day[keep], rating[keep], place[keep], turn[keep])

    def __len__(self) -> int:
        return len(self.card)

    @cached_property
    def elapsed(self) -> Ints:
        """Study days since the card's rating before; 0 for its first one."""
        return np.where(self.place == 0, 0, np.diff(self.day, prepend=0))

    @cached_property
    def tested(self) -> Bools:
        """Ratings that say something about forgetting: those on a later study day than the one before."""
        return self.elapsed >= 1

    @cached_property
    def recalled(self) -> Bools:
        return self.rating > 1

    @cached_property
    def steps(self) -> list[Ints]:
        """For each place its rows; the cards in the same order in each, those with the longest histories first."""
        starts = np.flatnonzero(self.place == 0)
        lengths = np.diff(np.append(starts, len(self)))
        starts = starts[np.argsort(-lengths, kind="stable")]
        lengths = np.sort(lengths)[::-1]
        longest = int(lengths[0]) if len(lengths) else 0
        return [starts[: int(np.searchsorted(-lengths, -step))] + step for step in range(longest)]

    def until(self, day: int) -> "Log":
        """The ratings up to that day, included."""
        keep = self.day <= day
        return Log(self.card[keep], self.day[keep], self.rating[keep], self.place[keep], self.turn[keep])
