"""A rating proposed, with its reason: must-have points of the rubric that were missed mean Again.

Who says "Hard" to an answer that lacked what it must have teaches the scheduler that it was remembered. The learner is
told so, and decides.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models

from quizzes.card_log import Shown
from quizzes.models import Review, RubricPoint, SessionItem

LONGEST_REASON = 3  # points that are quoted


@dataclass(frozen=True)
class Proposal:
    """`reasons` are rendered rubric points, safe to put on a page; `when` says where they were missed."""

    rating: Review.Rating
    reasons: tuple[str, ...]
    when: str


def must_haves(shown: Shown) -> list[RubricPoint]:
    """The points that an adequate answer to the card's question has; none for a card without a rubric."""
    if shown.flashcard.question_id is None:
        return []
    return list(
        RubricPoint.objects.filter(question=shown.flashcard.question_id, line=RubricPoint.Line.ADEQUATE).order_by(
            "order"
        )
    )


def from_missed(points: Collection[RubricPoint], missed: Collection[str]) -> Proposal | None:
    """What the points ticked as missed on the card's page propose."""
    reasons = tuple(point.text_html for point in points if point.key in missed)
    return Proposal(Review.Rating.AGAIN, reasons[:LONGEST_REASON], "in your answer just now") if reasons else None


def from_answers(user: models.Model, shown: Shown, points: Collection[RubricPoint]) -> Proposal | None:
    """What the learner's latest answer to the card's question proposes, if it is newer than the card's last review and
    its points were ticked."""
    if not points:
        return None
    answers = SessionItem.objects.for_user(user).committed().filter(question=shown.flashcard.question_id)
    if shown.memory.last_review:
        answers = answers.filter(committed_at__gt=shown.memory.last_review)
    latest = answers.filter(ticks__isnull=False).order_by("-committed_at").first()
    if latest is None or not latest.answer:
        return None
    missed = {point.key for point in points}.difference(latest.ticks or ())
    found = from_missed(points, missed)
    if found is None or latest.committed_at is None:
        return None
    return Proposal(found.rating, found.reasons, f"when you answered its question on {latest.committed_at:%-d %B}")
