"""What a learner says is wrong with a card, and what became of it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from quizzes.models.flashcard import Flashcard


class ErrorReportQuerySet(models.QuerySet["ErrorReport"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def open(self) -> Self:
        return self.filter(state=ErrorReport.State.OPEN)


class ErrorReport(models.Model):
    """`flashcard_version` is the version of the card's text that the learner saw."""

    class State(models.TextChoices):
        OPEN = "open", "waiting to be read"
        MENDED = "mended", "mended"
        KEPT = "kept", "kept as it is"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    flashcard = models.ForeignKey(Flashcard, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="card_reports")
    flashcard_version = models.PositiveIntegerField()
    text = models.TextField(help_text="What is wrong, in the learner's words.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True, help_text="What the learner is told.")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None)
                | (~models.Q(state="open") & models.Q(answered_at__isnull=False)),
                name="an_answered_report_says_when",
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]
