"""A fit judged by reviews that it has not seen: the last fifth, by study day."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from quizzes.fitting.calibration import Bin, Score, bin_from, bins, moving_average, score, score_from
from quizzes.fitting.log import Log
from quizzes.fitting.model import predictions
from quizzes.fitting.optimiser import START, fit

LEAST_REVIEWS = 400  # on a later day than the one before: others say nothing about forgetting
HELD_OUT = 0.2
LEAST_HELD_OUT = 40


class TooFewReviews(ValueError):  # noqa: N818
    """`reviews` of `LEAST_REVIEWS` are there."""

    def __init__(self, reviews: int) -> None:
        super().__init__(
            f"A fit needs {LEAST_REVIEWS} reviews on a later day than the one before; there are {reviews}."
        )
        self.reviews = reviews


@dataclass(frozen=True)
class Finding:
    """`weights` were found from `reviews` less the `held_out` ones; the scores and bins are over those held out."""

    weights: tuple[float, ...]
    reviews: int
    held_out: int
    fitted: Score
    defaults: Score
    average: Score
    fitted_bins: list[Bin]
    default_bins: list[Bin]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            weights=tuple(map(float, data["weights"])),
            reviews=int(data["reviews"]),
            held_out=int(data["held_out"]),
            fitted=score_from(data["fitted"]),
            defaults=score_from(data["defaults"]),
            average=score_from(data["average"]),
            fitted_bins=[bin_from(one) for one in data["fitted_bins"]],
            default_bins=[bin_from(one) for one in data["default_bins"]],
        )

    @property
    def beats_defaults(self) -> bool:
        return self.fitted.log_loss < self.defaults.log_loss

    @property
    def beats_average(self) -> bool:
        return self.fitted.log_loss < self.average.log_loss

    @property
    def is_worth_keeping(self) -> bool:
        return self.beats_defaults and self.beats_average


def find(log: Log, enough: Callable[[], bool] = lambda: False) -> Finding:
    """Fit to the earlier reviews and judge by the later ones. Raises TooFewReviews."""
    reviews = int(log.tested.sum())
    if reviews < LEAST_REVIEWS:
        raise TooFewReviews(reviews)
    last = _last_day_of_training(log, reviews)
    held_out = log.tested & (log.day > last)
    if held_out.sum() < LEAST_HELD_OUT:
        raise TooFewReviews(reviews)
    weights = fit(log.until(last), enough)
    order = np.argsort(log.turn)
    order = order[log.tested[order]]
    average = np.empty(len(log))
    average[order] = moving_average(log.recalled[order])
    happened = log.recalled[held_out]
    fitted, default = (predictions(log, one)[held_out] for one in (weights, START))
    return Finding(
        weights=tuple(map(float, weights)),
        reviews=reviews,
        held_out=int(held_out.sum()),
        fitted=score(fitted, happened),
        defaults=score(default, happened),
        average=score(average[held_out], happened),
        fitted_bins=bins(fitted, happened),
        default_bins=bins(default, happened),
    )


def _last_day_of_training(log: Log, reviews: int) -> int:
    """The day on which the share of reviews to learn from is reached; a day is never cut in two."""
    days = np.sort(log.day[log.tested])
    return int(days[int(reviews * (1 - HELD_OUT)) - 1])
