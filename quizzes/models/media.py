"""Pictures and sounds of a learner's own cards, which nobody else is shown."""

from django.conf import settings
from django.db import models

from prepsite.lib import media


class MediaFile(models.Model):
    """One file, known to its owner by its content, and to Anki by its name. `extension` is told by the content."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="media_files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    extension = models.CharField(max_length=4, choices=[(kind, kind) for kind in media.KINDS])
    size = models.PositiveIntegerField(help_text="Bytes.")
    data = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("owner", "sha256"), name="one_media_file_per_learner_and_content"),
            models.UniqueConstraint(fields=("owner", "name"), name="one_media_file_per_learner_and_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> media.Kind:
        return media.KINDS[self.extension]
