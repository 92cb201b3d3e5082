"""How ready a learner will be on a date: the forgetting curves of a whole deck, played forward to that day. Pure."""

from quizzes.readiness.choosing import RECALL_WHEN_DUE, CardTime, choose, second_look
from quizzes.readiness.curve import Curve, curve
from quizzes.readiness.deck import Deck, Effort, Gain, Row, gain
from quizzes.readiness.forecast import Forecast, Share, TopicForecast, forecast
from quizzes.readiness.future import Future, play
from quizzes.readiness.shares import Candidate, fair_share, in_turn

__all__ = [
    "RECALL_WHEN_DUE",
    "Candidate",
    "CardTime",
    "Curve",
    "Deck",
    "Effort",
    "Forecast",
    "Future",
    "Gain",
    "Row",
    "Share",
    "TopicForecast",
    "choose",
    "curve",
    "fair_share",
    "forecast",
    "gain",
    "in_turn",
    "play",
    "second_look",
]
