"""Questions, decks, guides and the map of topics: from files to rows and back.

Loading is idempotent, happens as a whole or not at all, and never overwrites an edit made in the admin unless told to.
What is no longer in the files is retired, never deleted: learners have its history.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from prepsite.lib.problems import Problem, Unreadable
from prepsite.lib.tally import Summary, Tally
from prepsite.lib.versioned import Status
from quizzes import labels, rows
from quizzes.content import files
from quizzes.content.data import Content, DeckData, GuideData, QuestionData
from quizzes.models import Concept, Deck, Flashcard, Guide, Question, Revision, Topic


@dataclass(frozen=True)
class _Shelf:
    """One kind of content that has files of its own."""

    name: str
    model: Any
    data_of: Callable[[Any], Any]
    fill: Callable[[Any, Any, Topic], None]
    put: Callable[[Any, Any, Mapping[str, Concept]], None]
    last_source: Callable[[Any], str]

    def rows(self) -> Iterable[Any]:
        found = self.model.objects.select_related("topic")
        if self.model is Guide:
            return list(found)
        cards = Prefetch("flashcards", Flashcard.objects.order_by("order", "slug"))
        parts = ("choices", "rubric") if self.model is Question else ()
        return list(found.prefetch_related("concepts", cards, *parts))


def _put_question(row: Question, data: QuestionData, concepts: Mapping[str, Concept]) -> None:
    rows.put_parts(row, data, concepts)
    keep_revision(row, rows.source(data))


def _put_deck(row: Deck, data: DeckData, concepts: Mapping[str, Concept]) -> None:
    row.concepts.set([concepts[slug] for slug in data.concepts])
    rows.put_cards(row, data, concepts)


def _last_revision(row: Question) -> str:
    last = row.revisions.first()
    return last.source if last else ""


_SHELVES = (
    _Shelf("question", Question, rows.question_data, rows.fill_question, _put_question, _last_revision),
    _Shelf(
        "guide",
        Guide,
        rows.guide_data,
        rows.fill_guide,
        lambda row, data, concepts: None,
        lambda row: rows.source(rows.guide_data(row)),
    ),
    _Shelf("deck", Deck, rows.deck_data, rows.fill_deck, _put_deck, lambda row: rows.source(rows.deck_data(row))),
)


def read(root: Path) -> tuple[Content, list[Problem]]:
    """Every content file below `root` but the labs, and every problem found. Reads no row."""
    return files.read(root)


@transaction.atomic
def store(content: Content, *, overwrite: bool = False) -> Summary:
    """Bring the rows in line with sound content. Doing it again changes nothing.

    Raises Taken if an edited row has the slug of a new one; then nothing is stored.
    """
    tally = Tally()
    topics, concepts = labels.store(content, tally, overwrite=overwrite)
    for shelf, items in zip(_SHELVES, (content.questions, content.guides, content.decks), strict=True):
        _store(shelf, items, topics, concepts, tally, overwrite)
    return tally.summary()


def _store(
    shelf: _Shelf,
    items: Iterable[Any],
    topics: Mapping[str, Topic],
    concepts: Mapping[str, Concept],
    tally: Tally,
    overwrite: bool,
) -> None:
    known = {row.uuid: row for row in shelf.rows()}
    changed: list[tuple[Any, Any]] = []
    for data in items:
        row = known.pop(uuid.UUID(data.id), None)
        name = f"{shelf.name} {data.slug}"
        if row is None:
            changed.append((shelf.model(version=0), data))
            tally.created.append(name)
        elif row.edited_here and shelf.data_of(row) == data:
            # The edit has come back by way of the files.
            changed.append((row, data))
            tally.unchanged.append(name)
        elif row.edited_here and not overwrite:
            tally.kept.append(name)
        elif row.file_digest == rows.digest(data) and not row.edited_here:
            tally.unchanged.append(name)
        else:
            changed.append((row, data))
            tally.updated.append(name)
    for row in known.values():
        if row.edited_here or row.status == Status.RETIRED:
            tally.kept += [f"{shelf.name} {row.slug}"] * row.edited_here
            continue
        retire(row)
        tally.retired.append(f"{shelf.name} {row.slug}")
    rows.free_slugs(shelf.model, {uuid.UUID(data.id): data.slug for _, data in changed})
    for row, data in changed:
        before = shelf.last_source(row) if row.pk else ""
        shelf.fill(row, data, topics[data.topic])
        row.version += before != rows.source(data)
        row.save()
        shelf.put(row, data, concepts)


def retire(row: Question | Guide | Deck) -> None:
    """Take a row out of everything that is offered. It keeps its history, and comes back when its file does."""
    row.status = Status.RETIRED
    row.file_digest = ""
    row.save(update_fields=["status", "file_digest", "updated_at"])
    if not isinstance(row, Guide):
        row.flashcards.update(status=Status.RETIRED)


def keep_revision(question: Question, source: str) -> None:
    """The text of this version, kept for ever."""
    Revision.objects.get_or_create(question=question, version=question.version, defaults={"source": source})


def content_of_rows() -> Content:
    """What the rows say: everything but what is retired for want of a file."""

    def current(shelf: _Shelf) -> list[Any]:
        return [row for row in shelf.rows() if row.status != Status.RETIRED or row.edited_here or row.file_digest]

    questions, guides, decks = (tuple(map(shelf.data_of, current(shelf))) for shelf in _SHELVES)
    # A deck that has just been made here gets its file with its first card.
    return Content(
        labels.topics(), labels.misconceptions(), guides, questions, tuple(deck for deck in decks if deck.cards)
    )


def _to_write(there: Iterable[Any], ours: Iterable[Any], edited: Collection[str]) -> tuple[Any, ...]:
    have_files = {one.id for one in there}
    return tuple(one for one in ours if one.id in edited or one.id not in have_files)


def _left_behind(there: Content, ours: Content, edited: Collection[str]) -> set[str]:
    """Paths below the root that hold an edited row under the name it had before, or a receipt that it no longer has."""
    by_id = {one.id: one for one in ours.with_ids if one.id in edited}
    found = set()
    for old in there.with_ids:
        if old.id in by_id:
            before, now = files.texts(_alone(old)), files.texts(_alone(by_id[old.id]))
            found |= set(before) - set(now)
    return found


def _alone(data: QuestionData | GuideData | DeckData) -> Content:
    if isinstance(data, QuestionData):
        return Content(questions=(data,))
    return Content(guides=(data,)) if isinstance(data, GuideData) else Content(decks=(data,))


@transaction.atomic
def dump(root: Path) -> list[Path]:
    """Write what was edited here back to its files below `root`, and whatever has no file there; the paths changed.

    A file whose row was not edited is left as it is, to the byte. A file whose row has another slug or topic now goes.
    Raises Unreadable, and writes nothing, if a file there cannot be read.
    """
    there, problems = files.read(root)
    if unread := files.unread(root, there):
        raise Unreadable([one for one in problems if one.file in unread])
    ours = content_of_rows()
    edited = {str(row.uuid) for shelf in _SHELVES for row in shelf.rows() if row.edited_here}
    texts = files.texts(
        Content(
            topics=labels.merged_topics(there.topics),
            misconceptions=labels.merged_misconceptions(there.misconceptions),
            guides=_to_write(there.guides, ours.guides, edited),
            questions=_to_write(there.questions, ours.questions, edited),
            decks=_to_write(there.decks, ours.decks, edited),
        )
    )
    changed = [root / name for name in _left_behind(there, ours, edited) if (root / name).exists()]
    for path in changed:
        path.unlink()
    for name, text in texts.items():
        path = root / name
        if not path.exists() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    for shelf in _SHELVES:
        for row in shelf.rows():
            if row.edited_here:
                row.file_digest, row.edited_here = rows.digest(shelf.data_of(row)), False
                row.save(update_fields=["file_digest", "edited_here"])
    labels.mark_written()
    return sorted(set(changed))
