"""What the page says of a fit, in plain words."""

import datetime as dt
from dataclasses import dataclass

from quizzes.fitting import LEAST_REVIEWS, Finding
from quizzes.models import Fit

BROKE = "Something broke on our side while fitting. Nothing was changed; please try again."


@dataclass(frozen=True)
class FitWords:
    """`in_use`: fitted parameters schedule the learner's cards. `reviews`: on a later study day than the one before."""

    fit: Fit | None
    finding: Finding | None
    in_use: bool
    reviews: int
    now: dt.datetime

    @property
    def is_waiting(self) -> bool:
        return self.fit is not None and self.fit.is_under_way(self.now)

    @property
    def may_be_made(self) -> bool:
        return self.reviews >= LEAST_REVIEWS and not self.is_waiting

    @property
    def says(self) -> str:
        if self.is_waiting:
            return "Your fit is being made. Load this page again in a moment."
        if self.fit and self.fit.state in (Fit.State.FAILED, Fit.State.WAITING):
            return BROKE
        if self.in_use:
            return self._kept
        if self.finding is None:
            return self._nothing_yet
        if self.finding.is_worth_keeping:
            return "The defaults are in use, as you chose, though your fit predicts better."
        if not self.finding.beats_defaults:
            return "Your fit predicts no better than the defaults, so the defaults stay."
        return "Your fit predicts no better than a moving average that knows no cards, so the defaults stay."

    @property
    def detail(self) -> str:
        if self.finding is None or self.is_waiting:
            return ""
        one = self.finding
        return (
            f"Log loss over the {one.held_out:,} reviews held back, lower being better: your fit "
            f"{one.fitted.log_loss:.4f}, the defaults {one.defaults.log_loss:.4f}, a moving average "
            f"{one.average.log_loss:.4f}. The fit was made from {one.reviews - one.held_out:,} earlier ones."
        )

    @property
    def _kept(self) -> str:
        if self.finding and self.finding.is_worth_keeping:
            return "Your fit predicts better than both, so it is in use, from the next rating of each card on."
        return "Parameters fitted to you are in use."

    @property
    def _nothing_yet(self) -> str:
        if self.reviews >= LEAST_REVIEWS:
            return "The defaults are in use. Your log is long enough for a fit."
        return (
            f"The defaults are in use. A fit needs {LEAST_REVIEWS} reviews on a later day than the one before; "
            f"you have {self.reviews:,}."
        )
