"""The append-only log of a learner's reviews, which proves what each card remembers."""

import dataclasses
import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from quizzes.models.card import Card
from quizzes.scheduling import Memory

UNDO_WITHIN = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Tally:
    """Distinct cards, however often each was rated: all, those met for the first time and those that were learned
    already. The last two leave out cards that a mistake elsewhere brought forward."""

    cards: int
    met: int
    reviewed: int


class ReviewQuerySet(models.QuerySet["Review"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def ratings(self) -> Self:
        return self.filter(kind=Review.Kind.RATING)

    def standing(self) -> Self:
        """Ratings that no later event took back."""
        return self.ratings().filter(undone_by=None)

    def taking_time(self) -> Self:
        """Ratings and practice that stand."""
        return self.filter(kind__in=(Review.Kind.RATING, Review.Kind.PRACTICE), undone_by=None)

    def by_day(self) -> "models.QuerySet[Review, tuple[dt.date, int, int | None]]":
        """For each study day how many there were, and the milliseconds that they took."""
        counted = self.order_by().values_list("study_day")
        return counted.annotate(number=models.Count("pk"), spent=models.Sum("duration_ms"))

    def undoable(self, at: dt.datetime) -> Self:
        """What may be taken back at `at`, the latest first. Older events have had their effect: no stray key may take
        them back."""
        standing = self.exclude(kind=Review.Kind.UNDO).filter(undone_by=None)
        return standing.filter(at__gte=at - UNDO_WITHIN).order_by("-pk")

    def redoable(self, at: dt.datetime) -> Self:
        """Undos that may be taken back at `at`, the latest first: those that no new event has followed."""
        new = self.exclude(kind=Review.Kind.UNDO).filter(redoes=None).order_by("-pk").values("pk")[:1]
        latest = Coalesce(models.Subquery(new), 0)
        undos = self.filter(kind=Review.Kind.UNDO, redone_by=None, pk__gt=latest)
        return undos.filter(at__gte=at - UNDO_WITHIN).order_by("-pk")

    def since(self, start: dt.datetime) -> "Tally":
        """How many cards were seen since then, how many of them for the first time, and how many were learned
        before."""
        card = models.F("card")
        met = models.Q(before__state=Card.State.NEW, promoted_at=None)
        learned = models.Q(before__state=Card.State.REVIEW, promoted_at=None)
        return Tally(
            **self.filter(at__gte=start).aggregate(
                cards=models.Count(card, distinct=True),
                met=models.Count(card, filter=met, distinct=True),
                reviewed=models.Count(card, filter=learned, distinct=True),
            )
        )


class Review(models.Model):
    """One event in a card's life. Append-only: an undo is an event of its own that names what it takes back, and a redo
    is a new event of the first one's kind that names the undo it takes back (`redoes`).

    A `practice` is a rating that leaves the memory alone; a `mark` suspends, buries, flags or wakes the card, also
    without touching the memory. `marks` and `marks_after` are what `Card.marks` said before and after. Events of one
    act on many cards share a `batch` and are taken back together.
    """

    class Kind(models.TextChoices):
        RATING = "rating", "rating"
        UNDO = "undo", "undo"
        PRACTICE = "practice", "practice"
        MARK = "mark", "mark"

    class Rating(models.IntegerChoices):
        AGAIN = 1, "Again"
        HARD = 2, "Hard"
        GOOD = 3, "Good"
        EASY = 4, "Easy"

    uuid = models.UUIDField(unique=True, help_text="Made by the client: sent twice, it counts once.")
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RATING)
    rating = models.PositiveSmallIntegerField(choices=Rating.choices, null=True, blank=True)
    undoes = models.OneToOneField("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="undone_by")
    redoes = models.OneToOneField("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="redone_by")
    batch = models.UUIDField(null=True, blank=True, editable=False)
    at = models.DateTimeField(help_text="UTC.")
    zone = models.CharField(max_length=64)
    day_start_hour = models.PositiveSmallIntegerField()
    study_day = models.DateField()
    card_version = models.PositiveIntegerField(help_text="The card's version before this event.")
    flashcard_version = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    scheduler = models.CharField(max_length=40, help_text="Name and version of the algorithm.")
    settings = models.JSONField(help_text="The scheduling settings of that moment, so that it can be computed again.")
    load = models.JSONField(
        default=dict, help_text="Cards that waited on the study days around the one chosen, as far as it mattered."
    )
    promoted_at = models.DateTimeField(null=True, blank=True, help_text="The card's, before a rating cleared it.")
    reason = models.CharField(max_length=200, blank=True, help_text="The card's, before a rating cleared it.")
    marks = models.JSONField(default=dict)
    marks_after = models.JSONField(default=dict)
    before = models.JSONField()
    after = models.JSONField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("card", "card_version"), name="one_event_per_card_version"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("rating", "practice"), rating__gte=1, rating__lte=4, undoes=None)
                | models.Q(kind="mark", rating=None, undoes=None)
                | models.Q(kind="undo", rating=None, undoes__isnull=False, redoes=None),
                name="a_rating_rates_and_an_undo_undoes",
            ),
        )
        indexes = (models.Index(fields=("user", "-at"), name="review_latest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.rating or ''} of card {self.card_id}"

    @property
    def memory_after(self) -> Memory:
        """What was remembered after this event."""
        return Memory.from_json(self.after)
