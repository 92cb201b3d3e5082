"""Notes that came from Anki, on their way back: the same notes of the same types, with what was edited and rated here.

Anki updates a note on import only if its type has the same number and the same names of fields and templates, and if
the note that comes is newer. So a note leaves with its fields as they came, and with its own time; an edit made here
goes into the field that the side consists of.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from itertools import groupby

from django.db import models

from quizzes.exchange.anki import package
from quizzes.exchange.anki.fields import Writer
from quizzes.exchange.anki.history import AT_A_TIME, with_history, with_ratings
from quizzes.exchange.anki.notetype import NoteType
from quizzes.exchange.anki.originals import edited_at
from quizzes.exchange.anki.schema import DEFAULT_NAME, OURS
from quizzes.exchange.anki.templates import edited
from quizzes.models import AnkiCard, AnkiNoteType, Card
from quizzes.own_cards import OwnCard
from quizzes.scheduling import Memory


def kinds(user: models.Model) -> dict[int, NoteType]:
    """The learner's note types by their keys here. Of two with one number and other names the later modified keeps it;
    a note of a site like this one has one of the site's own types."""
    found: dict[int, NoteType] = {}
    numbers = dict(OURS)
    rows = AnkiNoteType.objects.filter(notes__owner=user.pk)
    for row in rows.order_by("-modified", "pk").distinct():
        kind = NoteType.from_json(row.definition)
        if numbers.setdefault(kind.number, kind.schema) != kind.schema:
            kind = dataclasses.replace(kind, number=1_300_000_000_000 + int(row.schema[:8], 16))
        found[row.pk] = kind
    return found


def decks(user: models.Model) -> set[str]:
    piles = _mine(user).values_list("flashcard__pile", flat=True)
    return {pile or DEFAULT_NAME for pile in piles.order_by().distinct()} - {DEFAULT_NAME}


def _mine(user: models.Model) -> "models.QuerySet[AnkiCard]":
    return AnkiCard.objects.filter(note__owner=user.pk, flashcard__owner=user.pk)


def notes(
    user: models.Model, at: dt.datetime, today: dt.date, kinds: Mapping[int, NoteType], writer: Writer
) -> Iterator[package.Note]:
    """Every note that came from Anki, with all its cards, those not met yet included."""
    mine = models.Prefetch(
        "flashcard__cards", Card.objects.for_user(user).prefetch_related(with_ratings()), to_attr="mine"
    )
    rows = _mine(user).select_related("note", "flashcard").prefetch_related(mine)
    ordered = rows.order_by("note", "order").iterator(chunk_size=AT_A_TIME)
    for _, cards in groupby(ordered, key=lambda row: row.note_id):
        yield _note(list(cards), at, today, kinds, writer)


def _note(
    rows: list[AnkiCard], at: dt.datetime, today: dt.date, kinds: Mapping[int, NoteType], writer: Writer
) -> package.Note:
    note = rows[0].note
    kind = kinds[note.type_id]
    fields = dict(zip(kind.fields, [*note.fields, *[""] * len(kind.fields)], strict=False))
    modified = note.modified
    for row in sorted(rows, key=lambda row: row.flashcard.updated_at):
        flashcard = row.flashcard
        if flashcard.version == row.flashcard_version:
            continue
        written = edited(kind, fields, row.order, OwnCard(flashcard.front, flashcard.back, flashcard.kind), writer)
        if written:
            fields |= written
            modified = max(modified, edited_at(row))
    return package.Note(
        id=uuid.uuid5(note.uuid, "note"),
        guid=note.guid,
        kind=kind.number,
        fields=tuple(writer.as_it_was(text) for text in fields.values()),
        deck=rows[0].flashcard.pile or DEFAULT_NAME,
        modified=modified,
        cards=tuple(_card(row, at, today) for row in rows),
        tags=tuple(note.tags),
        sort=kind.sort,
    )


def _card(row: AnkiCard, at: dt.datetime, today: dt.date) -> package.Card:
    mine: list[Card] = row.flashcard.mine  # type: ignore[attr-defined]
    if not mine:
        return package.Card(Memory(due=at), order=row.order)
    return with_history(mine[0], row.flashcard, today, row.order)
