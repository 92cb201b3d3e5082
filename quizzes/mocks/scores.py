"""The points of a mock interview in one dimension, on the scale that interviewers use."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizzes.models.question import RubricPoint

Dimension = RubricPoint.Dimension
ADEQUATE, OUTSTANDING = 0.6, 0.9
ENOUGH_POINTS = 4  # of a dimension for a verdict on it: a single rubric point says little


@dataclass(frozen=True)
class Score:
    """Points won of points there were in one dimension."""

    dimension: str
    won: float
    of: float

    @property
    def share(self) -> float | None:
        return self.won / self.of if self.of else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else rounded_down(100 * self.share)

    @property
    def shown_share(self) -> float | None:
        """As the percentage says it, for a picture beside it."""
        return None if self.percent is None else self.percent / 100

    @property
    def out_of_ten(self) -> float:
        """On the scale of an interviewer, to one place."""
        return rounded_down(100 * (self.share or 0.0)) / 10

    @property
    def tone(self) -> str:
        if self.share is None or self.of < ENOUGH_POINTS:
            return "new"
        return "good" if self.share >= ADEQUATE else "shaky"  # as the verdict on an answer

    @property
    def words(self) -> str:
        if self.share is None:
            return "not asked"
        if self.of < ENOUGH_POINTS:
            return f"{self.percent} %, too few points to tell"
        line = (
            "outstanding" if self.share >= OUTSTANDING else "adequate" if self.share >= ADEQUATE else "below the line"
        )
        return f"{self.percent} %, {line}"


def rounded_down(number: float) -> int:
    """Rounded down: 59.6 % is below the line of 60 % and has to look so."""
    return math.floor(number + 1e-9)


def scores_from(kept: Mapping[str, Sequence[float]]) -> tuple[Score, ...]:
    """The dimensions of an earlier report, as `Report.as_json` kept them."""
    return tuple(Score(one.value, *kept.get(one.value, (0, 0))) for one in Dimension)
