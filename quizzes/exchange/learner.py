"""What one learner did with questions and cards, for the file they download: plain values, nothing left out.

`cards`: what is remembered of each flashcard, with every event of its life in order (stability in days, difficulty from
1 to 10, `before` and `after` as `quizzes.scheduling` writes them). `quizzes`: each session with its items in order;
`score` runs from 0 to 1. Questions and flashcards are named by their slug and the version that was seen.
"""

from typing import Any

from django.db.models import Model

from prepsite.lib.rows import values_of
from quizzes.models import Card, QuizSession, Review


def export_for(user: Model) -> dict[str, Any]:
    """Everything of `user`, in the members `cards` and `quizzes`."""
    return {"cards": _cards(user), "quizzes": _quizzes(user)}


def _cards(user: Model) -> list[dict[str, Any]]:
    reviews: dict[int, list[dict[str, Any]]] = {}
    for review in Review.objects.for_user(user).select_related("undoes").order_by("pk"):
        event = values_of(review) | {"undoes": review.undoes.uuid if review.undoes is not None else None}
        reviews.setdefault(review.card_id, []).append(event)
    return [
        {"flashcard": card.flashcard.slug} | values_of(card) | {"reviews": reviews.get(card.pk, [])}
        for card in Card.objects.for_user(user).select_related("flashcard").order_by("pk")
    ]


def _quizzes(user: Model) -> list[dict[str, Any]]:
    sessions = QuizSession.objects.for_user(user).prefetch_related("items__question").order_by("pk")
    return [
        values_of(session)
        | {"items": [{"question": item.question.slug} | values_of(item) for item in session.items.all()]}
        for session in sessions
    ]
