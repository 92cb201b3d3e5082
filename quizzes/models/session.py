"""A quiz session: the questions drawn for it and what the learner answered, kept as answered."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from quizzes.models.question import Question


class QuizSessionQuerySet(models.QuerySet["QuizSession"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def quizzes(self) -> Self:
        """Without the questions that were answered one by one on their own pages."""
        return self.filter(kind=QuizSession.Kind.QUIZ)

    def against_the_clock(self) -> Self:
        return self.filter(deadline__isnull=False)

    def mocks(self) -> Self:
        return self.filter(kind=QuizSession.Kind.MOCK)

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)

    def with_counts(self) -> Self:
        """Each with `n_items` and `n_committed`, so that a list of them can say how far each one is."""
        return self.annotate(
            n_items=models.Count("items"),
            n_committed=models.Count("items", filter=models.Q(items__committed_at__isnull=False)),
            mean_score=models.Avg("items__score"),
        )

    def taken(self) -> Self:
        """Finished, and not only begun: at least half of the questions have an answer."""
        return self.exclude(finished_at=None).with_counts().filter(n_items__lte=2 * models.F("n_committed"))


class QuizSession(models.Model):
    """`deadline` is None without a time limit; answers committed after it are kept and marked as late.

    A question answered on its own page is a session of one item, so that one history holds every answer.
    """

    class Kind(models.TextChoices):
        QUIZ = "quiz", "quiz"
        QUESTION = "question", "a question on its own page"
        MOCK = "mock", "mock interview"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiz_sessions")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.QUIZ)
    filters = models.JSONField(
        default=dict,
        help_text='{"topics": […], "levels": […], "kinds": […], "number": n, "minutes": n or null}',
    )
    script = models.JSONField(
        default=dict, blank=True, help_text="Of a mock interview, as quizzes.mocks.script reads it."
    )
    report = models.JSONField(default=dict, blank=True, help_text="Of a finished mock interview: points by dimension.")
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = QuizSessionQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = (models.Index(fields=("user", "-started_at"), name="quiz_session_latest"),)

    def __str__(self) -> str:
        return f"quiz of {self.started_at:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:mock" if self.kind == self.Kind.MOCK else "quizzes:session", args=[self.uuid])


def holds_something(answer: Mapping[str, Any]) -> bool:
    """Whether anything is written, picked or ticked in an answer or draft."""
    return any(any(part) if isinstance(part, list) else part for part in answer.values())


class SessionItemQuerySet(models.QuerySet["SessionItem"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(session__user=user)

    def committed(self) -> Self:
        return self.filter(committed_at__isnull=False)

    def open(self) -> Self:
        return self.filter(committed_at=None)


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
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When a stage of a mock interview was opened.")
    habits = models.JSONField(
        null=True, blank=True, help_text="Keys of the ways of answering that were ticked in a mock."
    )
    follow_ups = models.JSONField(default=list, blank=True, help_text="What was asked next in a mock interview.")
    marking = models.JSONField(default=dict, blank=True, help_text="What quizzes.marking found, part by part.")

    objects = SessionItemQuerySet.as_manager()

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

    @property
    def seed(self) -> str:
        """What the order of its options is drawn from: the same on every visit and every device."""
        return f"{self.session.uuid}/{self.position}"

    @property
    def committed(self) -> bool:
        return self.committed_at is not None

    @property
    def minutes_taken(self) -> float | None:
        """From opening a stage to committing its answer; None before, and outside of mock interviews."""
        if self.committed_at is None or self.opened_at is None:
            return None
        return (self.committed_at - self.opened_at).total_seconds() / 60

    @property
    def begun(self) -> bool:
        """Whether a draft waits here with something in it."""
        return not self.committed and holds_something(self.draft)

    @property
    def awaits_ticks(self) -> bool:
        """Committed, and only the learner can say what it is worth."""
        return self.committed and self.score is None
