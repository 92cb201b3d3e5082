"""A question with its model answer, its choices and its rubric, and every version it ever had."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from prepsite.lib.versioned import Status, VersionedContent
from quizzes.models.topic import Concept, Topic


class Level(models.TextChoices):
    BASIC = "basic", "basic"
    INTERMEDIATE = "intermediate", "intermediate"
    ADVANCED = "advanced", "advanced"


class Kind(models.TextChoices):
    """How a question is answered."""

    OPEN = "open", "open answer"
    SINGLE = "single", "single choice"
    MULTIPLE = "multiple", "multiple choice"
    NUMERIC = "numeric", "number"
    CLOZE = "cloze", "fill the gaps"
    OUTPUT = "output", "predict the output"
    BUG = "bug", "spot the bug"
    DERIVE = "derive", "derive"


class Facet(models.TextChoices):
    CONCEPT = "concept", "concept"
    APPLIED = "applied", "applied"
    SYSTEM = "system", "system"


class Performance(models.TextChoices):
    """What the learner does to show that they know: the four columns of a topic page."""

    SAY = "say", "say it"
    DERIVE = "derive", "derive it"
    CODE = "code", "code it"
    DEBUG = "debug", "debug it"


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def on_topics(self, slugs: list[str]) -> Self:
        return self.filter(topic__slug__in=slugs) if slugs else self

    def at_levels(self, levels: list[str]) -> Self:
        return self.filter(level__in=levels) if levels else self

    def with_parts(self) -> Self:
        return self.select_related("topic").prefetch_related("choices", "rubric", "concepts")


class Question(VersionedContent):
    """One interview question. `spec` holds what only its kind needs (see quizzes.marking for its fields)."""

    title = models.CharField(max_length=160)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="questions")
    concepts = models.ManyToManyField(Concept, blank=True, related_name="questions")
    kind = models.CharField("type", max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=12, choices=Level.choices)
    facet = models.CharField(max_length=8, choices=Facet.choices, default=Facet.CONCEPT)
    performance = models.CharField(max_length=8, choices=Performance.choices, default=Performance.SAY)
    minutes = models.PositiveSmallIntegerField(default=3, help_text="Time an answer takes, in minutes.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place within its topic.")

    prompt = models.TextField(help_text="Markdown with $TeX$. A cloze question marks its gaps {{gap}}.")
    answer_short = models.TextField("30-second answer", help_text="What a good candidate says first.")
    answer_medium = models.TextField("2-minute answer", blank=True)
    answer_long = models.TextField("5-minute answer", blank=True)
    signal = models.TextField("what interviewers listen for", blank=True)
    red_flags = models.JSONField(
        default=list, blank=True, help_text='[{"text": "…", "misconception": "slug or empty"}]'
    )
    follow_ups = models.JSONField(default=list, blank=True, help_text='[{"text": "…", "answer": "…"}]')
    conventions = models.JSONField(default=list, blank=True)
    references = models.JSONField(default=list, blank=True)
    labs = models.JSONField(default=list, blank=True, help_text="Slugs of related labs.")
    spec = models.JSONField(default=dict, blank=True)
    check_source = models.TextField(
        "receipt",
        blank=True,
        help_text="Python that asserts every formula and number of the answer; runs in the sandbox.",
    )
    html = models.JSONField(default=dict, editable=False, help_text="Rendered fields by name.")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("topic__order", "order", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("quizzes:question", args=[self.slug])


class Choice(models.Model):
    """An option of a single or multiple choice question. `key` stays when options are reordered."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(max_length=20)
    text = models.TextField()
    correct = models.BooleanField(default=False)
    why = models.TextField(help_text="Why it is right or wrong.")
    misconception = models.SlugField(max_length=80, blank=True, help_text="The mistake that picking it shows.")
    order = models.PositiveSmallIntegerField(default=0)
    text_html = models.TextField(blank=True, editable=False)
    why_html = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("order", "key")
        constraints = (models.UniqueConstraint(fields=("question", "key"), name="choice_key_once_per_question"),)

    def __str__(self) -> str:
        return self.text[:80]


class RubricPoint(models.Model):
    """Something that a good answer says, with its weight out of ten."""

    class Line(models.TextChoices):
        ADEQUATE = "adequate", "6/10: an adequate answer says"
        OUTSTANDING = "outstanding", "9/10: an outstanding answer adds"

    class Dimension(models.TextChoices):
        CONCEPT = "concept", "concept"
        MATHEMATICS = "mathematics", "mathematics"
        CODE = "code", "code"
        TRADE_OFFS = "trade-offs", "trade-offs"
        COMMUNICATION = "communication", "communication"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rubric")
    key = models.SlugField(max_length=20)
    text = models.TextField()
    weight = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10)])
    line = models.CharField(max_length=12, choices=Line.choices)
    dimension = models.CharField(max_length=14, choices=Dimension.choices, default=Dimension.CONCEPT)
    misconception = models.SlugField(max_length=80, blank=True, help_text="What missing it suggests.")
    order = models.PositiveSmallIntegerField(default=0)
    text_html = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("order", "key")
        constraints = (models.UniqueConstraint(fields=("question", "key"), name="rubric_key_once_per_question"),)

    def __str__(self) -> str:
        return self.text[:80]


class Revision(models.Model):
    """A question as it stood at one version: the text of its content file. Never changed, never deleted."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    source = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("question", "version"), name="revision_once_per_version"),)

    def __str__(self) -> str:
        return f"{self.question_id} v{self.version}"
