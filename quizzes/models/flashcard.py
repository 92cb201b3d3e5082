"""A flashcard as content: one fact, two sides. What a learner remembers of it is a Card."""

from typing import Self

from django.conf import settings
from django.db import models

from prepsite.lib import media
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
        """What the site teaches everybody by turning over. Cards of labs are asked in the workbench, and cards of a
        learner's own are that learner's alone."""
        return self.filter(status=Status.PUBLISHED, lab="", owner=None)

    def of_labs(self) -> Self:
        """The cards of labs that are offered now."""
        return self.filter(status=Status.PUBLISHED).exclude(lab="")

    def visible_to(self, user: models.Model) -> Self:
        """Without the cards that other learners wrote, whatever became of them."""
        return self.filter(models.Q(owner=None) | models.Q(owner=user.pk))

    def for_learner(self, user: models.Model) -> Self:
        """What this learner may meet: everything published, and cards of their own."""
        return self.visible_to(user).filter(status=Status.PUBLISHED, lab="")

    def owned_by(self, user: models.Model) -> Self:
        return self.filter(owner=user.pk).exclude(status=Status.RETIRED)

    def in_teaching_order(self) -> Self:
        """By topic, then by the place in it; cards without a topic last."""
        return self.order_by(models.F("topic__order").asc(nulls_last=True), "order", "slug")


class Flashcard(VersionedContent):
    """`slug` is the slug of the question or deck it is cut from, two hyphens, and its key there.

    The card of a lab names it by its slug in `lab`; it is met with the first pass and never turned over.

    A card with an `owner` was written or imported by that learner and is shown to nobody else. It may do without a
    topic; `pile` is the learner's own name for what it belongs to. Its `slug` says nothing: "own-" and its uuid.
    """

    class Kind(models.TextChoices):
        BASIC = "basic", "two-sided"
        CLOZE = "cloze", "cloze"
        LAB = "lab", "a lab, to be written again"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="flashcards", null=True, blank=True)
    lab = models.SlugField(max_length=80, blank=True, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_flashcards", null=True, blank=True
    )
    pile = models.CharField(max_length=160, blank=True)
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
        constraints = (
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False) | models.Q(topic__isnull=False, pile=""),
                name="a_card_of_the_site_has_a_topic_and_no_pile",
            ),
        )

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def words(self) -> str:
        """The front for titles and lists, with words in place of pictures and sounds."""
        return media.in_words(self.front)

    @property
    def key(self) -> str:
        """Its name within its question or deck."""
        return self.slug.rpartition("--")[2]
