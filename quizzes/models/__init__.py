"""The tables: what is taught (topic, question, flashcard) and what one learner did with it (session, card)."""

from quizzes.models.card import Card, Review
from quizzes.models.flashcard import Deck, Flashcard
from quizzes.models.question import Choice, Question, Revision, RubricPoint
from quizzes.models.session import QuizSession, SessionItem
from quizzes.models.topic import Concept, Guide, Misconception, Topic

__all__ = [
    "Card",
    "Choice",
    "Concept",
    "Deck",
    "Flashcard",
    "Guide",
    "Misconception",
    "Question",
    "QuizSession",
    "Review",
    "Revision",
    "RubricPoint",
    "SessionItem",
    "Topic",
]
