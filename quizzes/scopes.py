"""What a review session is about: the day's queue, cards ahead of their day, practice before a date, a search."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from quizzes.card_search import matching
from quizzes.models import Card, Flashcard, Review
from quizzes.models.card import CardQuerySet
from quizzes.models.flashcard import FlashcardQuerySet
from quizzes.searching import Search, parse

ENOUGH = 3  # a practised card is done once it was rated Good


class Mode(StrEnum):
    DUE = "due"
    AHEAD = "ahead"
    CRAM = "cram"


@dataclass(frozen=True)
class Scope:
    """`query` narrows the session to cards that a search finds. `since` is when a practice session began: what was
    practised well since then is done with."""

    mode: Mode = Mode.DUE
    query: str = ""
    since: dt.datetime | None = None

    @property
    def is_plain(self) -> bool:
        return self.mode is Mode.DUE and not self.query

    @property
    def practises(self) -> bool:
        return self.mode is Mode.CRAM

    @property
    def search(self) -> Search:
        """Raises searching.BadSearch."""
        return parse(self.query)

    def flashcards(self, user: models.Model, today: dt.date) -> FlashcardQuerySet:
        """The flashcards that it is about."""
        if not self.query:
            return Flashcard.objects.for_learner(user)
        return matching(user, self.search, today)

    def cards(self, user: models.Model, today: dt.date) -> CardQuerySet:
        """The learner's cards that it is about."""
        cards = Card.objects.for_user(user)
        if not self.query:
            return cards
        return cards.filter(flashcard__in=self.flashcards(user, today).order_by().values("pk"))


def to_practise(user: models.Model, scope: Scope, at: dt.datetime, today: dt.date) -> FlashcardQuerySet:
    """What is left to practise: not practised yet and least sure first, then what did not go well, longest ago
    first."""
    rounds = Review.objects.for_user(user).filter(
        card__flashcard=models.OuterRef("pk"), kind=Review.Kind.PRACTICE, undone_by=None, at__gte=scope.since or at
    )
    latest = rounds.order_by("-pk")
    mine = Card.objects.for_user(user).filter(flashcard=models.OuterRef("pk"))
    return (
        scope.flashcards(user, today)
        .exclude(models.Exists(mine.filter(suspended=True)))
        .annotate(
            practised=models.Subquery(latest.values("pk")[:1]),
            went=models.Subquery(latest.values("rating")[:1]),
            sure=models.Subquery(mine.values("stability")[:1]),
        )
        .filter(models.Q(went=None) | models.Q(went__lt=ENOUGH))
        .order_by(
            models.F("practised").asc(nulls_first=True),
            models.F("sure").asc(nulls_last=True),
            models.F("topic__order").asc(nulls_last=True),
            "order",
            "slug",
        )
    )


def practised(user: models.Model, scope: Scope) -> int:
    """How many cards went well in this practice session."""
    rounds = Review.objects.for_user(user).filter(kind=Review.Kind.PRACTICE, undone_by=None, rating__gte=ENOUGH)
    return rounds.filter(at__gte=scope.since).values("card").distinct().count() if scope.since else 0
