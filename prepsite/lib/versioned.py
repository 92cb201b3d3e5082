"""The base of every content row: a stable identity, a version, and where it came from."""

import uuid

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    RETIRED = "retired", "retired"


class VersionedContent(models.Model):
    """Identity and provenance of a piece of content.

    `version` counts changes; a learner's history keeps the version that was answered. `file_digest` is the SHA-256 of
    the content file as last loaded or dumped. `edited_here` says that the row was changed in the admin since then, so
    that loading does not overwrite the edit unasked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    edited_here = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
