"""Fit to the learner: FSRS-6 weights from a learner's own log, and whether they predict better than simpler guesses.

log          a learner's ratings as columns
equations    FSRS-6 one rating forward, with derivatives
model        a whole log folded: predicted recall, loss and gradient
optimiser    weights that predict the log best, near the defaults
calibration  how predictions compare with what happened
holdout      a fit judged by reviews that it has not seen
"""

from quizzes.fitting.calibration import Bin, Score, bins, moving_average, score
from quizzes.fitting.holdout import LEAST_REVIEWS, Finding, TooFewReviews, find
from quizzes.fitting.log import Log
from quizzes.fitting.model import predictions

__all__ = [
    "LEAST_REVIEWS",
    "Bin",
    "Finding",
    "Log",
    "Score",
    "TooFewReviews",
    "bins",
    "find",
    "moving_average",
    "predictions",
    "score",
]
