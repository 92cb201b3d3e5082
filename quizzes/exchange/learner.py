"""What one learner did with questions and cards, for the file they download: plain values, nothing left out.

`cards`: what is remembered of each flashcard, with every event of its life in order (stability in days, difficulty from
1 to 10, `before` and `after` as `quizzes.scheduling` writes them). `quizzes`: each session with its items in order;
`score` runs from 0 to 1. Questions and flashcards are named by their slug and the version that was seen.
"""

from typing import Any

from django.db.models import Model

from quizzes.models import Card, QuizSession, Review, SessionItem

_CARD = [
    "uuid",
    "version",
    "state",
    "step",
    "stability",
    "difficulty",
    "due",
    "last_review",
    "last_day",
    "reps",
    "lapses",
    "suspended",
    "reason",
]
_REVIEW = [
    "uuid",
    "kind",
    "rating",
    "at",
    "zone",
    "day_start_hour",
    "study_day",
    "card_version",
    "flashcard_version",
    "duration_ms",
    "scheduler",
    "before",
    "after",
]
_SESSION = [
    "uuid",
    "filters",
    "started_at",
    "deadline",
    "finished_at",
]
_ITEM = [
    "position",
    "question_version",
    "draft",
    "answer",
    "committed_at",
    "late",
    "flagged",
    "ticks",
    "score",
    "marking",
]


def export_for(user: Model) -> dict[str, Any]:
    """Everything of `user`, in the members `cards` and `quizzes`."""
    return {"cards": _cards(user), "quizzes": _quizzes(user)}


def _cards(user: Model) -> list[dict[str, Any]]:
    reviews: dict[int, list[dict[str, Any]]] = {}
    for review in Review.objects.for_user(user).select_related("undoes").order_by("pk"):
        event = _fields(review, _REVIEW) | {"undoes": review.undoes.uuid if review.undoes is not None else None}
        reviews.setdefault(review.card_id, []).append(event)
    return [
        {"flashcard": card.flashcard.slug} | _fields(card, _CARD) | {"reviews": reviews.get(card.pk, [])}
        for card in Card.objects.for_user(user).select_related("flashcard").order_by("pk")
    ]


def _quizzes(user: Model) -> list[dict[str, Any]]:
    sessions = QuizSession.objects.for_user(user).prefetch_related("items__question").order_by("pk")
    return [
        _fields(session, _SESSION) | {"items": [_item(item) for item in session.items.all()]} for session in sessions
    ]


def _item(item: SessionItem) -> dict[str, Any]:
    return {"question": item.question.slug} | _fields(item, _ITEM)


def _fields(row: Model, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
