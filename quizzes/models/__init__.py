"""The tables: what is taught (topic, question, flashcard) and what one learner did with it (session, card)."""

from quizzes.models.anki import AnkiCard, AnkiNote, AnkiNoteType
from quizzes.models.card import Card
from quizzes.models.fit import Fit
from quizzes.models.flashcard import Deck, Flashcard
from quizzes.models.media import MediaFile
from quizzes.models.plan import Break, Plan
from quizzes.models.question import Choice, Question, Revision, RubricPoint
from quizzes.models.reading import Reading
from quizzes.models.report import ErrorReport
from quizzes.models.review import Review
from quizzes.models.session import QuizSession, SessionItem
from quizzes.models.topic import Concept, Guide, Misconception, Topic

__all__ = [
    "AnkiCard",
    "AnkiNote",
    "AnkiNoteType",
    "Break",
    "Card",
    "Choice",
    "Concept",
    "Deck",
    "ErrorReport",
    "Fit",
    "Flashcard",
    "Guide",
    "MediaFile",
    "Misconception",
    "Plan",
    "Question",
    "QuizSession",
    "Reading",
    "Review",
    "Revision",
    "RubricPoint",
    "SessionItem",
    "Topic",
]
