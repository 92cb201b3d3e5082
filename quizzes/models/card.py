"""What one learner remembers of one flashcard. The log that proves it stands in quizzes.models.review."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models

from prepsite.lib.versioned import Status
from quizzes.models.flashcard import Flashcard
from quizzes.scheduling import Memory, State

MARK_FIELDS = ("suspended", "flag", "held_until", "held_for")
MEMORY_FIELDS = tuple(field.name for field in dataclasses.fields(Memory))
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

    def not_held(self, today: dt.date) -> Self:
        """Without those that wait for a later study day: buried, moved off a break, or spread over days."""
        return self.filter(models.Q(held_until=None) | models.Q(held_until__lte=today))

    def due(self, at: dt.datetime, today: dt.date) -> Self:
        """Cards to be seen at `at`, on the study day `today`: learned ones, steps, and those brought forward."""
        waits = models.Q(queue_day__lte=today) | models.Q(_IN_STEPS, due__lte=at) | models.Q(promoted_at__isnull=False)
        return self.active().not_held(today).filter(waits)

    def brought_forward(self, today: dt.date) -> Self:
        """Cards that a mistake elsewhere put in front, the longest waiting first."""
        return self.active().not_held(today).filter(promoted_at__isnull=False).order_by("promoted_at", "pk")

    def in_steps(self, today: dt.date) -> Self:
        """Cards being learned or relearned, in the order in which their minutes are over."""
        return self.active().not_held(today).filter(_IN_STEPS).order_by("due", "pk")

    def learned(self) -> Self:
        """Learned cards in the order of the study days on which the queue shows them."""
        return self.active().filter(queue_day__isnull=False).order_by("queue_day", "pk")

    def engaged(self, today: dt.date) -> "list[Self]":
        """Cards that keep their siblings from coming today: seen today, in their steps, or brought forward.

        Three sets, each read off an index of its own: one with "or" in it would read all the learner's cards.
        """
        awake = self.filter(suspended=False)
        return [
            self.filter(last_day=today),
            awake.filter(_IN_STEPS),
            awake.filter(promoted_at__isnull=False),
        ]

    def questions(self) -> models.QuerySet[Any, Any]:
        """The questions that they are cut from."""
        return self.filter(flashcard__question__isnull=False).order_by().values("flashcard__question")


class Card(models.Model):
    """A learner's memory of a flashcard. Made at the first rating, or when a mistake elsewhere brings it forward; its
    state is the fold of its reviews.

    `stability` is in days, `difficulty` from 1 to 10, `due` a UTC instant, `last_day` and `due_day` study days.
    `version` counts its events; a rating names the version it saw, and a stale one is refused. `promoted_at` and
    `reason`, `suspended`, `held_until` and `held_for` only change its place in the queue: they are no part of the
    memory. The next rating clears all of them but `suspended`. `queue_day` is the study day on which the queue shows
    a learned card: its `due_day`, or the later day until which it is held. `note` is the learner's own Markdown.
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        LEARNING = "learning", "learning"
        REVIEW = "review", "review"
        RELEARNING = "relearning", "relearning"

    class Flag(models.IntegerChoices):
        NONE = 0, "no flag"
        RED = 1, "red"
        ORANGE = 2, "orange"
        GREEN = 3, "green"
        BLUE = 4, "blue"

    class Held(models.TextChoices):
        BURIED = "buried", "buried"
        BREAK = "break", "moved off a planned break"
        SPREAD = "spread", "spread over the coming days"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards")
    flashcard = models.ForeignKey(Flashcard, on_delete=models.RESTRICT, related_name="cards")
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
    flag = models.PositiveSmallIntegerField(choices=Flag.choices, default=Flag.NONE)
    held_until = models.DateField(null=True, blank=True, help_text="The study day before which it is not shown.")
    held_for = models.CharField(max_length=8, choices=Held.choices, blank=True)
    queue_day = models.DateField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True, help_text="The learner's own, in Markdown.")
    note_html = models.TextField(blank=True, editable=False)
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
                fields=("user", "queue_day", "id"), condition=models.Q(queue_day__isnull=False), name="card_learned"
            ),
            models.Index(
                fields=("user", "last_day"), condition=models.Q(last_day__isnull=False), name="card_last_seen"
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

    @property
    def marks(self) -> dict[str, Any]:
        """What the learner set on it, as JSON; the inverse of `marks_from`."""
        return {name: getattr(self, name) for name in MARK_FIELDS} | {
            "held_until": self.held_until.isoformat() if self.held_until else None
        }

    @property
    def is_held(self) -> bool:
        return self.held_until is not None


def marks_from(data: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from what `Card.marks` wrote. Events from before there were marks have none: nothing is set."""
    until = data.get("held_until")
    return {
        "suspended": data.get("suspended", False),
        "flag": data.get("flag", 0),
        "held_until": dt.date.fromisoformat(until) if until else None,
        "held_for": data.get("held_for", ""),
    }


def queue_day(due_day: dt.date | None, held_until: dt.date | None) -> dt.date | None:
    """The study day on which the queue shows a learned card; None for a card that is not learned."""
    return max(due_day, held_until) if due_day and held_until else due_day
