"""A learner's card with every rating that stands, as a package holds it."""

import datetime as dt

from django.db import models

from prepsite.lib.versioned import Status
from quizzes.exchange.anki import package
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import Memory, Settings

AT_A_TIME = 200  # cards, with their logs, held in memory


def with_ratings() -> "models.Prefetch[str, models.QuerySet[Review], str]":
    """What `with_history` needs of a card: its ratings, without those undone, as Anki's own log has none."""
    return models.Prefetch("reviews", Review.objects.standing().order_by("pk"), to_attr="ratings")


def with_history(card: Card, flashcard: Flashcard, today: dt.date, order: int = 0) -> package.Card:
    """`order` is the card's place in its note."""
    ratings: list[Review] = card.ratings  # type: ignore[attr-defined]
    return package.Card(
        memory=card.memory,
        reviews=tuple(
            package.Review(
                at=rated.at,
                rating=rated.rating or 0,
                before=Memory.from_json(rated.before),
                after=Memory.from_json(rated.after),
                duration_ms=rated.duration_ms,
            )
            for rated in ratings
        ),
        settings=Settings.from_json(ratings[-1].settings) if ratings else Settings(),
        suspended=card.suspended or flashcard.status != Status.PUBLISHED,
        buried=card.held_for == Card.Held.BURIED and card.held_until is not None and card.held_until > today,
        flag=card.flag,
        order=order,
    )
