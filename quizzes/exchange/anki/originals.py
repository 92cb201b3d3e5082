"""The notes that a learner's cards were in Anki: found by their GUIDs, and kept."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import models

from quizzes.exchange.anki.notetype import NoteType, Original
from quizzes.models import AnkiCard, AnkiNote, AnkiNoteType, Flashcard

_AT_A_TIME = 500
Place = tuple[str, int]  # a note's GUID, and the card's order


def known(user: models.Model, originals: Iterable[Original]) -> dict[Place, AnkiCard]:
    """The cards that are here already; one query."""
    guids = {one.guid for one in originals}
    if not guids:
        return {}
    mine = AnkiCard.objects.filter(note__owner=user.pk, flashcard__owner=user.pk, note__guid__in=guids)
    rows = mine.select_related("note", "flashcard")
    return {(row.note.guid, row.order): row for row in rows}


def is_older(original: Original, row: AnkiCard) -> bool:
    """Whether the text here is newer than the package's: edited here since, or taken from a later package."""
    if original.modified < row.note.modified:
        return True
    edited = row.flashcard.version != row.flashcard_version
    return edited and original.modified <= edited_at(row)


def edited_at(row: AnkiCard) -> int:
    """The time, in seconds, that a note has in Anki after an edit of its card here: later than the note was."""
    return max(int(row.flashcard.updated_at.timestamp()), row.note.modified + 1)


def keep(user: models.Model, kept: Sequence[tuple[Flashcard, Original]]) -> None:
    """Keep what these cards were in Anki, over what was kept before. In a transaction of the caller's."""
    types = _keep_types(user, {(one.kind.number, one.kind.schema): one.kind for _, one in kept})
    for start in range(0, len(kept), _AT_A_TIME):
        batch = kept[start : start + _AT_A_TIME]
        notes = _keep_notes(user, {one.guid: one for _, one in batch}, types)
        cards = [
            AnkiCard(flashcard=flashcard, note_id=notes[one.guid], order=one.order, flashcard_version=flashcard.version)
            for flashcard, one in batch
        ]
        AnkiCard.objects.bulk_create(
            cards,
            update_conflicts=True,
            unique_fields=["flashcard"],
            update_fields=["note", "order", "flashcard_version"],
        )


def _keep_types(user: models.Model, kinds: dict[tuple[int, str], NoteType]) -> dict[tuple[int, str], int]:
    rows = [
        AnkiNoteType(
            owner_id=user.pk,
            number=kind.number,
            schema=kind.schema,
            name=kind.name,
            modified=kind.modified,
            definition=kind.as_json(),
        )
        for kind in kinds.values()
    ]
    AnkiNoteType.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["owner", "number", "schema"],
        update_fields=["name", "modified", "definition"],
    )
    mine = AnkiNoteType.objects.filter(owner=user.pk).values_list("number", "schema", "pk")
    return {(number, schema): key for number, schema, key in mine}


def _keep_notes(
    user: models.Model, originals: dict[str, Original], types: dict[tuple[int, str], int]
) -> dict[str, int]:
    rows = [
        AnkiNote(
            owner_id=user.pk,
            guid=one.guid,
            type_id=types[one.kind.number, one.kind.schema],
            fields=list(one.fields),
            tags=list(one.tags),
            modified=one.modified,
        )
        for one in originals.values()
    ]
    AnkiNote.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["owner", "guid"],
        update_fields=["type", "fields", "tags", "modified"],
    )
    return dict(AnkiNote.objects.filter(owner=user.pk, guid__in=list(originals)).values_list("guid", "pk"))


def check_type(row: AnkiNoteType) -> None:
    """Raises ValidationError if a note type that travelled is none."""
    try:
        kind = NoteType.from_json(row.definition)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValidationError("its definition is not that of a note type.") from error
    if (
        not kind.fields
        or len(kind.names) != len(kind.templates)
        or (kind.number, kind.schema) != (row.number, row.schema)
    ):
        raise ValidationError("its definition does not fit its number and its names.")


def check_note(row: AnkiNote) -> None:
    """Raises ValidationError if a note that travelled is none."""
    for texts in (row.fields, row.tags):
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValidationError("its fields and tags are not lists of texts.")
