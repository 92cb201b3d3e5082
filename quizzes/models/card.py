"""What one learner remembers of one flashcard, and the append-only log that proves it."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models

from prepsite.lib.versioned import Status
from quizzes.models.flashcard import Flashcard


class CardQuerySet(models.QuerySet["Card"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def active(self) -> Self:
        return self.filter(suspended=False, flashcard__status=Status.PUBLISHED)

    def due(self, at: dt.datetime) -> Self:
        """Cards to be seen at `at`, the longest waiting first."""
        return self.active().filter(due__lte=at).order_by("due", "pk")


class Card(models.Model):
    """A learner's memory of a flashcard. Made at the first rating; its state is the fold of its reviews.

    `stability` is in days, `difficulty` from 1 to 10, `due` a UTC instant, `last_day` the study day of the last review.
    `version` counts reviews and undos; a rating names the version it saw, and a stale one is refused.
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        LEARNING = "learning", "learning"
        REVIEW = "review", "review"
        RELEARNING = "relearning", "relearning"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards")
    flashcard = models.ForeignKey(Flashcard, on_delete=models.PROTECT, related_name="cards")
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True)
    difficulty = models.FloatField(null=True, blank=True)
    due = models.DateTimeField()
    last_review = models.DateTimeField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    suspended = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it came to the front, such as a lab mistake.")

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "flashcard"), name="one_card_per_learner_and_flashcard"),
            models.CheckConstraint(
                condition=models.Q(difficulty__isnull=True) | models.Q(difficulty__gte=1, difficulty__lte=10),
                name="difficulty_from_1_to_10",
            ),
        )
        indexes = (models.Index(fields=("user", "due"), condition=models.Q(suspended=False), name="card_due_queue"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.flashcard_id}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def ratings(self) -> Self:
        return self.filter(kind=Review.Kind.RATING)

    def standing(self) -> Self:
        """Ratings that no later event took back."""
        return self.ratings().filter(undone_by=None)


class Review(models.Model):
    """One event in a card's life. Append-only: an undo is an event of its own that names what it takes back."""

    class Kind(models.TextChoices):
        RATING = "rating", "rating"
        UNDO = "undo", "undo"

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
    at = models.DateTimeField(help_text="UTC.")
    zone = models.CharField(max_length=64)
    day_start_hour = models.PositiveSmallIntegerField()
    study_day = models.DateField()
    card_version = models.PositiveIntegerField(help_text="The card's version before this event.")
    flashcard_version = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    scheduler = models.CharField(max_length=40, help_text="Name and version of the algorithm.")
    before = models.JSONField()
    after = models.JSONField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("card", "card_version"), name="one_event_per_card_version"),
            models.CheckConstraint(
                condition=models.Q(kind="rating", rating__gte=1, rating__lte=4, undoes=None)
                | models.Q(kind="undo", rating=None, undoes__isnull=False),
                name="a_rating_rates_and_an_undo_undoes",
            ),
        )
        indexes = (models.Index(fields=("user", "-at"), name="review_latest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.rating or ''} of card {self.card_id}"
