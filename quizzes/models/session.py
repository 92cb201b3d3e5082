"""A quiz session: the questions drawn for it and what the learner answered, kept as answered."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from quizzes.models.question import Question


class QuizSessionQuerySet(models.QuerySet["QuizSession"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)


class QuizSession(models.Model):
    """`deadline` is None without a time limit; answers committed after it are kept and marked as late."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiz_sessions")
    filters = models.JSONField(
        default=dict,
        help_text='{"topics": […], "levels": […], "kinds": […], "number": n, "minutes": n or null}',
    )
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = QuizSessionQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"quiz of {self.started_at:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:session", args=[self.uuid])


class SessionItem(models.Model):
    """One question of a session. `answer` is the learner's, in the form quizzes.marking reads; `draft` is not yet
    committed. `score` runs from 0 to 1 and stays None until known (rubric questions: until the points are ticked).
    """

    session = models.ForeignKey(QuizSession, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="session_items")
    question_version = models.PositiveIntegerField()
    draft = models.JSONField(default=dict, blank=True)
    answer = models.JSONField(null=True, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    flagged = models.BooleanField(default=False)
    ticks = models.JSONField(null=True, blank=True, help_text="Keys of the rubric points the learner ticked.")
    score = models.FloatField(null=True, blank=True)
    marking = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("session", "position"), name="one_item_per_position"),
            models.UniqueConstraint(fields=("session", "question"), name="a_question_once_per_session"),
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__gte=0, score__lte=1),
                name="score_from_0_to_1",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.position}"
