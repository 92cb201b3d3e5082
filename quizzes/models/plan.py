"""How a learner wants to review: limits of a day, the interview they prepare for, and planned breaks."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from quizzes.models.question import Level
from quizzes.roles import DEFAULT_ROLE, ROLES
from quizzes.scheduling import ALGORITHM, Settings

NEW_PER_DAY = 10  # flashcards met for the first time in their turn, each study day
MOST_PER_DAY = 9999
LEAST_MINUTES, MOST_MINUTES = 5, 600


class Plan(models.Model):
    """One row a learner, made when they first change something; without it the defaults hold.

    `reviews_per_day` None means no limit. The values for `today` hold on that study day alone; `chosen` is one of them,
    see planning.DayCards. `interview_on` is a study day: before it, no card is given a later day to come back.
    `made_on` is the study day on which the plan for it was first made: the dates of the mock interviews are counted
    from it, so that they stay while the days pass.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_plan")
    new_per_day = models.PositiveSmallIntegerField(default=NEW_PER_DAY, validators=[MaxValueValidator(MOST_PER_DAY)])
    reviews_per_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_PER_DAY)]
    )
    today = models.DateField(null=True, blank=True, help_text="The study day for which the values of today hold.")
    new_today = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(MOST_PER_DAY)])
    reviews_today = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_PER_DAY)]
    )
    desired_retention = models.FloatField(default=0.9, validators=[MinValueValidator(0.7), MaxValueValidator(0.97)])
    interview_on = models.DateField(null=True, blank=True)
    made_on = models.DateField(null=True, blank=True, editable=False)
    minutes_per_day = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(LEAST_MINUTES), MaxValueValidator(MOST_MINUTES)]
    )
    chosen = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="Today's cards, as the plan to an interview chose them.",
    )
    minutes_today = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    role = models.CharField(
        max_length=40, choices=[(role.slug, role.title) for role in ROLES.values()], default=DEFAULT_ROLE
    )
    read = models.JSONField(default=dict, blank=True, help_text="Concepts that were read about: slug to study day.")
    level = models.CharField("where you start", max_length=12, choices=Level.choices, default=Level.BASIC)

    parameters = models.JSONField(
        null=True, blank=True, editable=False, help_text="Fitted to the learner's own log; empty means the defaults."
    )
    parameters_for = models.CharField(
        max_length=20, blank=True, editable=False, help_text="The algorithm that the parameters belong to."
    )

    def __str__(self) -> str:
        return f"plan of {self.user_id}"

    @property
    def weights(self) -> tuple[float, ...] | None:
        """The fitted parameters, or None for the defaults: without a fit, or with one that cannot be used here."""
        if self.parameters is None or self.parameters_for != ALGORITHM:
            return None
        try:
            weights = tuple(float(value) for value in self.parameters)
            return Settings(parameters=weights).parameters
        except (TypeError, ValueError):
            return None


class BreakQuerySet(models.QuerySet["Break"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user.pk)

    def not_over(self, today: dt.date) -> Self:
        return self.filter(last_day__gte=today).order_by("first_day")


class Break(models.Model):
    """Study days, both ends included, on which the learner will not review."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_breaks")
    first_day = models.DateField()
    last_day = models.DateField()

    objects = BreakQuerySet.as_manager()

    class Meta:
        ordering = ("first_day",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="a_break_begins_before_it_ends"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"

    def holds(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day
