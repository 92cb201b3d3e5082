"""What was found when a learner's own log was fitted; one row a learner, of the latest time."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models

GIVEN_UP_AFTER = dt.timedelta(minutes=5)


class Fit(models.Model):
    """`finding` is what `quizzes.fitting.Finding.as_json` says, empty until there is one. The parameters in use stand
    in the learner's Plan."""

    class State(models.TextChoices):
        WAITING = "waiting", "being made"
        KEPT = "kept", "kept"
        REFUSED = "refused", "no better than simpler predictions"
        TOO_FEW = "too-few", "too few reviews"
        FAILED = "failed", "our fault"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="fit")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    finding = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"fit of {self.user_id}: {self.state}"

    def is_under_way(self, at: dt.datetime) -> bool:
        """A worker that died with it blocks nobody for long."""
        return self.state == self.State.WAITING and at - self.asked_at < GIVEN_UP_AFTER

    def end(self, state: State, finding: dict[str, Any] | None = None) -> None:
        self.state, self.finding = state, finding or {}
        self.save(update_fields=["state", "finding"])
