"""How ready a learner will be on a date: the forgetting curves of a whole deck, played forward to that day. Pure."""

from quizzes.readiness.curve import Curve, curve
from quizzes.readiness.deck import Deck, Effort, Gain, gain
from quizzes.readiness.forecast import Forecast, Share, TopicForecast, forecast
from quizzes.readiness.future import CardTime, Future, choose, play

__all__ = [
    "CardTime",
    "Curve",
    "Deck",
    "Effort",
    "Forecast",
    "Future",
    "Gain",
    "Share",
    "TopicForecast",
    "choose",
    "curve",
    "forecast",
    "gain",
    "play",
]
