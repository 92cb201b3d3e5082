"""A flashcard as content: one fact, two sides. What a learner remembers of it is a Card."""

from typing import Self

from django.db import models

from prepsite.lib.versioned import Status, VersionedContent
from quizzes.models.question import Level, Question
from quizzes.models.topic import Concept, Topic


class Deck(VersionedContent):
    """A file of flashcards that belong to no question, such as a timeline. Its level is that of its cards."""

    title = models.CharField(max_length=160)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decks")
    concepts = models.ManyToManyField(Concept, blank=True, related_name="decks")
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.BASIC)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("topic__order", "order", "slug")

    def __str__(self) -> str:
        return self.title


class FlashcardQuerySet(models.QuerySet["Flashcard"]):
    def published(self) -> Self:
        """What is taught by turning over. Cards of labs are asked in the workbench."""
        return self.filter(status=Status.PUBLISHED, lab="")

    def of_labs(self) -> Self:
        """The cards of labs that are offered now."""
        return self.filter(status=Status.PUBLISHED).exclude(lab="")

    def in_teaching_order(self) -> Self:
        """Prerequisites first: by topic, then by level's place in the deck."""
        return self.order_by("topic__order", "order", "slug")


class Flashcard(VersionedContent):
    """`slug` is the slug of the question or deck it is cut from, two hyphens, and its key there.

    The card of a lab names it by its slug in `lab`; it is met with the first pass and never turned over.
    """

    class Kind(models.TextChoices):
        BASIC = "basic", "two-sided"
        CLOZE = "cloze", "cloze"
        LAB = "lab", "a lab, to be written again"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="flashcards")
    lab = models.SlugField(max_length=80, blank=True, db_index=True)
    concepts = models.ManyToManyField(Concept, blank=True, related_name="flashcards")
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="flashcards")
    misconception = models.SlugField(max_length=80, blank=True, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BASIC)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.BASIC)
    deck = models.ForeignKey(
        Deck,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="flashcards",
        help_text="The deck it lives in; none for a question's own cards.",
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

    @property
    def key(self) -> str:
        """Its name within its question or deck."""
        return self.slug.rpartition("--")[2]
