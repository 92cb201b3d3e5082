"""What a card that came from Anki was there, kept so that it goes back as the same note."""

import uuid

from django.conf import settings
from django.db import models

from quizzes.models.flashcard import Flashcard


class AnkiNoteType(models.Model):
    """A note type of a learner's collection: fields, templates and style, in the form of `anki.notetype.NoteType`.

    Anki knows a type by its number and the names of its fields and templates; `schema` is the digest of those names.
    `modified` is in seconds, as Anki has it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="anki_note_types")
    number = models.BigIntegerField()
    schema = models.CharField(max_length=64)
    name = models.CharField(max_length=160, blank=True)
    modified = models.BigIntegerField(default=0)
    definition = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("owner", "number", "schema"), name="one_note_type_per_number_and_names"),
        )

    def __str__(self) -> str:
        return self.name


class AnkiNote(models.Model):
    """A note with its fields as they were in Anki, HTML and all. Several cards may be made of it. `modified` is in
    seconds; it decides whose text is newer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="anki_notes")
    guid = models.CharField(max_length=200)
    type = models.ForeignKey(AnkiNoteType, on_delete=models.RESTRICT, related_name="notes")
    fields = models.JSONField()
    tags = models.JSONField(default=list, blank=True)
    modified = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "guid"), name="one_note_per_learner_and_guid"),)

    def __str__(self) -> str:
        return self.guid


class AnkiCard(models.Model):
    """Which card of which note a flashcard is. `flashcard_version` is the version that the import made: a higher one
    was edited here."""

    flashcard = models.OneToOneField(Flashcard, on_delete=models.CASCADE, related_name="anki_card")
    note = models.ForeignKey(AnkiNote, on_delete=models.CASCADE, related_name="cards")
    order = models.PositiveSmallIntegerField(help_text="The template's place, or the gap's number less one.")
    flashcard_version = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("note", "order"), name="one_card_per_note_and_order"),)

    def __str__(self) -> str:
        return f"card {self.order + 1} of {self.note_id}"
