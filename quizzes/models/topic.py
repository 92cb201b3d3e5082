"""The map of the curriculum: topics (modules) with prerequisites, their concepts, guides and misconceptions."""

from typing import Self

from django.db import models
from django.urls import reverse

from prepsite.lib.versioned import Status, VersionedContent


class Label(models.Model):
    """What other content is sorted by. `retired` says that its file no longer names it: it stays for the history that
    refers to it, and is offered nowhere. `edited_here` of topics (which answer for their concepts) and misconceptions
    says that the admin changed them since their file was read or written.
    """

    retired = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class TopicQuerySet(models.QuerySet["Topic"]):
    def in_order(self) -> Self:
        return self.filter(retired=False).order_by("order", "slug")

    def with_prerequisites(self) -> Self:
        return self.prefetch_related("prerequisites", models.Prefetch("concepts", Concept.objects.current()))


class Topic(Label):
    """A module of the curriculum. Its slug is the string that labs share with it."""

    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(max_length=8, unique=True, help_text="Short name in the curriculum, such as M6.")
    title = models.CharField(max_length=120)
    summary = models.TextField(help_text="One or two plain sentences.")
    order = models.PositiveSmallIntegerField(default=0)
    edited_here = models.BooleanField(default=False, editable=False)
    prerequisites = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="leads_to")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("order", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class ConceptQuerySet(models.QuerySet["Concept"]):
    def current(self) -> Self:
        return self.filter(retired=False)


class Concept(Label):
    """One idea within a topic: `lstm`, `bptt`. Questions, cards and labs say which concepts they exercise."""

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="concepts")
    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        ordering = ("topic__order", "order", "slug")

    def __str__(self) -> str:
        return self.title


class Misconception(Label):
    """A mistake people make. The same slug names it in wrong options, red flags, cards and wrong lab solutions."""

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="misconceptions")
    belief = models.CharField(max_length=300, help_text="What people believe, as they would say it.")
    correction = models.TextField(help_text="What is true instead, and why. Markdown.")
    correction_html = models.TextField(blank=True, editable=False)
    order = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Its place in its file.")
    edited_here = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.belief


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)


class Guide(VersionedContent):
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="guides")
    title = models.CharField(max_length=160)
    summary = models.TextField(help_text="One or two plain sentences.")
    minutes = models.PositiveSmallIntegerField(default=15, help_text="Reading time in minutes.")
    order = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(help_text="Markdown with $TeX$.")
    body_html = models.TextField(blank=True, editable=False)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ("topic__order", "order", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("quizzes:guide", args=[self.slug])
