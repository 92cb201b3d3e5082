"""A flashcard as content: one fact, two sides. What a learner remembers of it is a Card."""

from typing import Self

from django.db import models

from prepsite.lib.versioned import Status, VersionedContent
from quizzes.models.question import Level, Question
from quizzes.models.topic import Concept, Topic


class FlashcardQuerySet(models.QuerySet["Flashcard"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def in_teaching_order(self) -> Self:
        """Prerequisites first: by topic, then by level's place in the deck."""
        return self.order_by("topic__order", "order", "slug")


class Flashcard(VersionedContent):
    class Kind(models.TextChoices):
        BASIC = "basic", "two-sided"
        CLOZE = "cloze", "cloze"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="flashcards")
    concepts = models.ManyToManyField(Concept, blank=True, related_name="flashcards")
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="flashcards")
    misconception = models.SlugField(max_length=80, blank=True, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BASIC)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.BASIC)
    deck = models.SlugField(
        max_length=80, blank=True, help_text="The deck file it lives in; empty for a question's own cards."
    )
    order = models.PositiveSmallIntegerField(default=0)
    front = models.TextField(help_text="Markdown with $TeX$. A cloze card marks its gap {{gap}} here.")
    back = models.TextField(help_text="One fact. Markdown with $TeX$.")
    front_html = models.TextField(blank=True, editable=False)
    back_html = models.TextField(blank=True, editable=False)

    objects = FlashcardQuerySet.as_manager()

    class Meta:
        ordering = ("topic__order", "order", "slug")

    def __str__(self) -> str:
        return self.front[:80]
