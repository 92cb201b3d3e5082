"""What was predicted of a learner's interview on the days before it."""

from typing import Self

from django.conf import settings
from django.db import models


class ReadingQuerySet(models.QuerySet["Reading"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def whole(self) -> Self:
        """Of all topics together."""
        return self.filter(topic="")

    def of_latest_interview(self) -> Self:
        """Those for the interview of the latest of them: it may be over."""
        latest = self.order_by("-study_day").values("interview_date")[:1]
        return self.filter(interview_date=models.Subquery(latest))


class Reading(models.Model):
    """What was predicted on one study day: shares (0 to 1) of a topic's cards, `topic` empty for all topics together.

    `now` is the predicted recall of that day, `mean` that of the interview's day if the plan is followed, `low` and
    `high` the interval of 80 %. Written once a study day and never changed, so that a forecast can be held against
    what came of it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    study_day = models.DateField()
    interview_date = models.DateField()
    topic = models.SlugField(max_length=80, blank=True)
    cards = models.PositiveIntegerField()
    now = models.FloatField()
    mean = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ("study_day", "topic")
        constraints = (
            models.UniqueConstraint(fields=("user", "study_day", "topic"), name="one_reading_per_day_and_topic"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.study_day}: {self.topic or 'all'} {self.mean:.2f}"
