"""Histories for tests, made through the site's own acts."""

import datetime as dt
import uuid
from typing import Any

from prepsite.accounts.models import User
from quizzes import reviewing
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import StudyClock


def rate(user: User, flashcard: Flashcard, rating: int, at: dt.datetime, clock: StudyClock, **fields: Any) -> Review:
    """Rate the card as it is now."""
    card = Card.objects.filter(user=user, flashcard=flashcard).first()
    version = card.version if card else 0
    return reviewing.record_review(user, flashcard, rating, at, clock, event_id=uuid.uuid4(), version=version, **fields)


def undo(user: User, at: dt.datetime, clock: StudyClock) -> Review:
    return reviewing.undo(user, at, clock, uuid.uuid4())
