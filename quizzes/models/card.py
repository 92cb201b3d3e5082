"""What one learner remembers of one flashcard, and the append-only log that proves it."""

import dataclasses
import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models

from prepsite.lib.versioned import Status
from quizzes.models.flashcard import Flashcard
from quizzes.scheduling import Memory, State

MEMORY_FIELDS = tuple(field.name for field in dataclasses.fields(Memory))
UNDO_WITHIN = dt.timedelta(days=1)
# Without a value in it: SQLite uses a partial index only for a condition that it can read in the statement itself.
_IN_STEPS = models.Q(due_day__isnull=True, last_review__isnull=False)


class CardQuerySet(models.QuerySet["Card"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def active(self) -> Self:
        """Those that the review page may show."""
        return self.filter(suspended=False, flashcard__status=Status.PUBLISHED, flashcard__lab="")

    def of_labs(self) -> Self:
        """Those that are answered in the workbench."""
        return self.filter(suspended=False, flashcard__status=Status.PUBLISHED).exclude(flashcard__lab="")

    def due(self, at: dt.datetime, today: dt.date) -> Self:
        """Cards to be seen at `at`, on the study day `today`: learned ones, steps, and those brought forward."""
        return self.active().filter(
            models.Q(due_day__lte=today) | models.Q(_IN_STEPS, due__lte=at) | models.Q(promoted_at__isnull=False)
        )

    def brought_forward(self) -> Self:
        """Cards that a mistake elsewhere put in front, the longest waiting first."""
        return self.active().filter(promoted_at__isnull=False).order_by("promoted_at", "pk")

    def in_steps(self) -> Self:
        """Cards being learned or relearned, in the order in which their minutes are over."""
        return self.active().filter(_IN_STEPS).order_by("due", "pk")

    def learned(self) -> Self:
        """Learned cards in the order of the study days on which they fall due."""
        return self.active().filter(due_day__isnull=False).order_by("due_day", "pk")


class Card(models.Model):
    """A learner's memory of a flashcard. Made at the first rating, or when a mistake elsewhere brings it forward; its
    state is the fold of its reviews.

    `stability` is in days, `difficulty` from 1 to 10, `due` a UTC instant, `last_day` and `due_day` study days.
    `version` counts reviews and undos; a rating names the version it saw, and a stale one is refused. `promoted_at` and
    `reason` only change its place in the queue: they are no part of the memory, and the next rating clears them.
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
    due_day = models.DateField(null=True, blank=True, help_text="Study day; empty while it is learned in minutes.")
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    suspended = models.BooleanField(default=False)
    promoted_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was brought to the front of the queue."
    )
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
        indexes = (
            models.Index(
                fields=("user", "due_day", "id"), condition=models.Q(due_day__isnull=False), name="card_learned"
            ),
            models.Index(fields=("user", "due", "id"), condition=_IN_STEPS, name="card_in_steps"),
            models.Index(
                fields=("user", "promoted_at"),
                condition=models.Q(promoted_at__isnull=False),
                name="card_brought_forward",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.flashcard_id}"

    @property
    def memory(self) -> Memory:
        """The part that the scheduler knows."""
        return Memory(**{name: getattr(self, name) for name in MEMORY_FIELDS} | {"state": State(self.state)})


@dataclasses.dataclass(frozen=True)
class Tally:
    """Distinct cards, however often each was rated. `met` leaves out cards that a mistake elsewhere brought forward."""

    cards: int
    met: int


class ReviewQuerySet(models.QuerySet["Review"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def ratings(self) -> Self:
        return self.filter(kind=Review.Kind.RATING)

    def standing(self) -> Self:
        """Ratings that no later event took back."""
        return self.ratings().filter(undone_by=None)

    def undoable(self, at: dt.datetime) -> Self:
        """Ratings that may be taken back at `at`, the latest first. Older ones have had their effect: no stray key may
        take them back."""
        return self.standing().filter(at__gte=at - UNDO_WITHIN).order_by("-pk")

    def since(self, start: dt.datetime) -> "Tally":
        """How many cards were seen since then, and how many of them were met for the first time in their turn."""
        in_turn = models.Q(before__state=Card.State.NEW, promoted_at=None)
        card = models.F("card")
        return Tally(
            **self.filter(at__gte=start).aggregate(
                cards=models.Count(card, distinct=True), met=models.Count(card, filter=in_turn, distinct=True)
            )
        )


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
    settings = models.JSONField(help_text="The scheduling settings of that moment, so that it can be computed again.")
    load = models.JSONField(
        default=dict, help_text="Cards that waited on the study days around the one chosen, as far as it mattered."
    )
    promoted_at = models.DateTimeField(null=True, blank=True, help_text="The card's, before a rating cleared it.")
    reason = models.CharField(max_length=200, blank=True, help_text="The card's, before a rating cleared it.")
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

    @property
    def memory_after(self) -> Memory:
        """What was remembered after this event."""
        return Memory.from_json(self.after)
