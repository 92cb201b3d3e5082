"""An Anki package as values, and the file made of them.

Note ── Card … (its memory, by fold of our log) ── Review …
"""

import datetime as dt
import hashlib
import html
import json
import re
import sqlite3
import uuid
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quizzes.exchange.anki import schema
from quizzes.exchange.anki.notetype import NoteType
from quizzes.exchange.anki.schema import BASIC, CLOZE
from quizzes.scheduling import Memory, Settings, State, StudyClock

__all__ = ["BASIC", "CLOZE", "Card", "Note", "Package", "Review", "write"]

_META = b"\x08\x02"  # a protobuf message: version 2, which is a collection.anki21 of schema 11
_TYPE = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 3}
_KIND_OF_REVIEW = {State.NEW: 0, State.LEARNING: 0, State.REVIEW: 1, State.RELEARNING: 2}
_SUSPENDED, _BURIED = -1, -3
_EASE_FACTOR = 2500  # of the algorithm before FSRS; Anki expects one on learned cards
_LONGEST_MS = 60_000  # Anki counts no more than a minute for a card, as its preset says
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Review:
    """A rating that stands. `before` and `after` as the log has them."""

    at: dt.datetime
    rating: int
    before: Memory
    after: Memory
    duration_ms: int | None


@dataclass(frozen=True)
class Card:
    memory: Memory
    reviews: tuple[Review, ...] = ()
    settings: Settings = field(default_factory=Settings)
    suspended: bool = False
    buried: bool = False
    order: int = 0  # the template's place, or the gap's number less one
    flag: int = 0  # 0 none, 1 red, 2 orange, 3 green, 4 blue, 5 pink, 6 turquoise, 7 purple


@dataclass(frozen=True)
class Note:
    """`kind` is the number of its type: BASIC, CLOZE, or that of one of the package's `kinds`; `fields` in the type's
    order; `modified` (seconds) decides whose text Anki keeps. `id` is what its number is drawn from."""

    id: uuid.UUID
    guid: str
    kind: int
    fields: tuple[str, ...]
    deck: str
    modified: int
    cards: tuple[Card, ...]
    tags: tuple[str, ...] = ()
    sort: int = 0  # the place of the field that Anki sorts by


@dataclass(frozen=True)
class Package:
    """`first_day` is the study day that due days are counted from; no card may be due before it. `kinds` are the note
    types of notes that came from Anki."""

    site: str
    clock: StudyClock
    settings: Settings
    first_day: dt.date
    made_at: dt.datetime
    decks: tuple[str, ...]
    kinds: tuple[NoteType, ...] = ()


def write(path: Path, package: Package, notes: Iterable[Note], media: Callable[[], Iterable[tuple[str, bytes]]]) -> int:
    """Write the package and say how many cards it holds.

    `notes` are taken one by one, so a large account needs no more memory than a small one; `media` is asked after
    the last of them: names and contents of what they show.
    """
    folder = path.parent / f"{path.name}.parts"
    folder.mkdir()
    rows = folder / "collection.anki21"
    try:
        count = _write_rows(rows, package, notes)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("meta", _META)
            archive.write(rows, rows.name)
            names = {}
            for number, (name, data) in enumerate(media()):
                archive.writestr(str(number), data, zipfile.ZIP_STORED)
                names[str(number)] = name
            archive.writestr("media", json.dumps(names))
        return count
    finally:
        rows.unlink(missing_ok=True)
        folder.rmdir()


def _write_rows(path: Path, package: Package, notes: Iterable[Note]) -> int:
    database = sqlite3.connect(path)
    try:
        database.executescript(schema.TABLES)
        made_at = int(package.made_at.timestamp())
        row = schema.collection_row(
            package.site, package.decks, package.kinds, _day(package), package.settings, made_at
        )
        database.execute("INSERT INTO col VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        taken: dict[str, set[int]] = {"notes": set(), "cards": set(), "revlog": set()}
        position = 0
        for note in notes:
            note_id = _write_note(database, note, taken)
            for card in note.cards:
                position += 1
                _write_card(database, package, note, note_id, card, position, taken)
        database.commit()
        return position
    finally:
        database.close()


def _write_note(database: sqlite3.Connection, note: Note, taken: dict[str, set[int]]) -> int:
    """The number that the note has in the package."""
    number = _free(_number(note.id), taken["notes"])
    first, sort = (_plain(note.fields[place]) for place in (0, min(note.sort, len(note.fields) - 1)))
    check = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    database.execute(
        "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
        (number, note.guid, note.kind, note.modified, tags, "\x1f".join(note.fields), sort, check),
    )
    return number


def _number(identity: uuid.UUID) -> int:
    return 1_400_000_000_000 + identity.int % 200_000_000_000  # in the range of Anki's ids: milliseconds of a time


def _plain(field: str) -> str:
    return html.unescape(_TAG.sub("", field)).strip()


def _write_card(
    database: sqlite3.Connection,
    package: Package,
    note: Note,
    note_id: int,
    card: Card,
    position: int,
    taken: dict[str, set[int]],
) -> None:
    card_id = _free(_number(note.id) + card.order, taken["cards"])
    memory = card.memory
    queue = _SUSPENDED if card.suspended else _BURIED if card.buried else _TYPE[memory.state]
    database.execute(
        "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
        (
            card_id,
            note_id,
            schema.deck_id(note.deck),
            card.order,
            note.modified,
            _TYPE[memory.state],
            1 if queue == _TYPE[State.RELEARNING] else queue,  # Anki's queue of learning holds relearning as well
            _due(memory, package, position),
            memory.interval_days,
            _EASE_FACTOR if memory.due_day else 0,
            memory.reps,
            memory.lapses,
            _steps_left(card),
            card.flag,
            json.dumps(_memory(card, position)),
        ),
    )
    last = 0
    for review in card.reviews:
        interval = _interval(review.after)
        when = _free(int(review.at.timestamp() * 1000), taken["revlog"])
        took = min(review.duration_ms or 0, _LONGEST_MS)
        row = (
            when,
            card_id,
            review.rating,
            interval,
            last,
            _difficulty(review.after),
            took,
            _KIND_OF_REVIEW[review.before.state],
        )
        database.execute("INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)", row)
        last = interval


def _free(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    taken.add(wanted)
    return wanted


def _day(package: Package) -> schema.Day:
    start = package.clock.start_of(package.first_day)
    return schema.Day(
        start=int(start.timestamp()),
        minutes_west=_minutes_west(package.clock, start),
        minutes_west_now=_minutes_west(package.clock, package.made_at),
        hour=package.clock.day_start_hour,
    )


def _minutes_west(clock: StudyClock, at: dt.datetime) -> int:
    offset = clock.local(at).utcoffset()
    return -int(offset.total_seconds() // 60) if offset else 0


def _due(memory: Memory, package: Package, position: int) -> int:
    """Days since the collection began for a learned card, seconds of a time in the steps, a place for a new one."""
    if memory.due_day:
        return (memory.due_day - package.first_day).days
    return position if memory.state is State.NEW else int(memory.due.timestamp())


def _steps_left(card: Card) -> int:
    memory = card.memory
    if memory.step is None or memory.state not in (State.LEARNING, State.RELEARNING):
        return 0
    relearning = memory.state is State.RELEARNING
    steps = card.settings.relearning_steps_minutes if relearning else card.settings.learning_steps_minutes
    return max(1, len(steps) - memory.step)


def _memory(card: Card, position: int) -> dict[str, Any]:
    """What FSRS in Anki keeps with a card: stability in days, difficulty, the aim, and the last review in seconds."""
    memory = card.memory
    if memory.stability is None or memory.difficulty is None or memory.last_review is None:
        return {"pos": position}
    return {
        "pos": position,
        "s": round(memory.stability, 4),
        "d": round(memory.difficulty, 3),
        "dr": card.settings.desired_retention,
        "decay": round(card.settings.weights[-1], 3),
        "lrt": int(memory.last_review.timestamp()),
    }


def _interval(memory: Memory) -> int:
    """Days for a learned card, seconds as a negative number in the steps."""
    if memory.due_day:
        return memory.interval_days
    return -int((memory.due - memory.last_review).total_seconds()) if memory.last_review else 0


def _difficulty(memory: Memory) -> int:
    """Difficulty from 1 to 10 as Anki's log keeps it: 100 to 1100."""
    return round(((memory.difficulty or 1.0) - 1.0) / 9.0 * 1000.0) + 100
