"""An Anki package taken apart: cards as values, with their ratings. Whatever it holds, it is somebody else's file.

Three forms are read: `collection.anki2` and `collection.anki21` (schema 11, types and decks as JSON) and
`collection.anki21b` (compressed, types and decks as tables with a little protobuf). Sizes are counted while unpacking,
names within the archive are never used as paths, and the database is opened for reading alone, with a budget.
"""

import datetime as dt
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from prepsite.lib.zips import lists_too_much
from quizzes.exchange.anki import protobuf
from quizzes.exchange.anki.notetype import NoteType, Original
from quizzes.exchange.anki.shelf import Shelf, shelf
from quizzes.exchange.anki.templates import card
from quizzes.exchange.incoming import MOST_CARDS, MOST_REVIEWS, Incoming, Problem
from quizzes.exchange.relived import Rated
from quizzes.exchange.spreadsheet import BadFile
from quizzes.own_media import Arriving

LARGEST_DATABASE_BYTES = 300_000_000
LONGEST_TEXT_BYTES = 1_000_000  # of one value in the database
LONGEST_KEPT_BYTES = 100_000  # of a note, or of a note type: longer ones do not go back to Anki as they were
HIGHEST_ORDER = 30_000  # of the cards of a note
LONGEST_GUID = 200  # characters
LONGEST_NAME = 160
MOST_STEPS = 2_000  # of a million instructions each, that reading may take
_FORMS = ("collection.anki21b", "collection.anki21", "collection.anki2")  # the newest first: others are stand-ins
_NO_PACKAGE = "This is not an Anki package that can be read here."
_RATED = (0, 1, 2, 3)  # kinds of reviews: learned, reviewed, relearned, in a filtered deck
_FILTERED = 3


@dataclass
class Package:
    """The cards of a package, what could not be read, and the pictures and sounds that the cards show."""

    cards: list[Incoming] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    media: list[Arriving] = field(default_factory=list)


def read(file: IO[bytes], folder: Path, here: Mapping[str, str] | None = None) -> Package:
    """The package as values. `folder` is a place for the database and media, which are used until it goes; `here` are
    the addresses of the learner's own media by their names. Raises BadFile."""
    path = folder / "collection"
    if lists_too_much(file):
        raise BadFile("This package lists more files than can be read here. Export it deck by deck, please.")
    try:
        with zipfile.ZipFile(file) as archive:
            form = _unpack(archive, path)
            database = _open(path)
            try:
                return _package(database, shelf(archive, folder, form.endswith("b"), here or {}))
            finally:
                database.close()
    except (zipfile.BadZipFile, zstandard.ZstdError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{_NO_PACKAGE} It may be cut off; export it again, please.") from error
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise BadFile("Reading this package takes longer than it may, so nothing was taken in.") from error
        raise BadFile(f"{_NO_PACKAGE} Its database lacks what Anki keeps there.") from error
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BadFile(f"{_NO_PACKAGE} Its database is damaged.") from error


def _unpack(archive: zipfile.ZipFile, path: Path) -> str:
    """Which of the forms it is."""
    names = set(archive.namelist())
    form = next((form for form in _FORMS if form in names), None)
    if form is None:
        raise BadFile(f"{_NO_PACKAGE} It holds no collection.")
    with archive.open(form) as packed, path.open("wb") as out:
        unpacked: Any = packed
        if form.endswith("b"):
            unpacked = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed, read_across_frames=True)
        left = LARGEST_DATABASE_BYTES
        while block := unpacked.read(1_000_000):
            left -= len(block)
            if left < 0:
                most = LARGEST_DATABASE_BYTES // 1_000_000
                raise BadFile(
                    f"Unpacked, the collection in this package is larger than {most} MB. Nothing was taken in."
                )
            out.write(block)
    return form


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_TEXT_BYTES * 10)
    database.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
    steps = iter(range(MOST_STEPS))
    database.set_progress_handler(lambda: next(steps, None) is None, 1_000_000)
    database.execute("PRAGMA trusted_schema = OFF")
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"col", "notes", "cards", "revlog"} <= tables:
        database.close()
        raise BadFile(f"{_NO_PACKAGE} Its database lacks what Anki keeps there.")
    return database


def _package(database: sqlite3.Connection, media: Shelf) -> Package:
    cards, reviews = database.execute("SELECT (SELECT count(*) FROM cards), (SELECT count(*) FROM revlog)").fetchone()
    if cards > MOST_CARDS or reviews > MOST_REVIEWS:
        raise BadFile(
            f"This package has {cards:,} cards and {reviews:,} reviews; at most {MOST_CARDS:,} and {MOST_REVIEWS:,} "
            "can come in at once. Export it deck by deck, please."
        )
    kinds, decks, ratings = _note_types(database), _decks(database), _ratings(database)
    found = Package()
    problems = found.problems
    rows = database.execute(
        "SELECT c.id, c.ord, c.queue, CASE c.odid WHEN 0 THEN c.did ELSE c.odid END, n.guid, n.mid, n.flds, "
        "n.tags, n.mod FROM cards c JOIN notes n ON n.id = c.nid ORDER BY c.id"
    )
    for number, order, queue, deck, guid, kind, texts, tags, modified in rows:
        guid = _text(guid)[:LONGEST_GUID]
        place = f"note {guid[:40]}, card {order + 1}"
        note_type = kinds.get(kind)
        if note_type is None:
            problems.append(Problem(place, "Its note type is not in the package."))
            continue
        if len(texts) > LONGEST_TEXT_BYTES:
            problems.append(Problem(place, "Its texts are longer than they may be."))
            continue
        fields = tuple(_text(texts).split("\x1f"))
        named = dict(zip(note_type.fields, fields, strict=False))
        own = card(note_type, named, order, decks.get(deck, ""), media.address)
        if own is None or order > HIGHEST_ORDER:
            problems.append(Problem(place, "Its note has no such card, or no such gap."))
            continue
        original = Original(guid, note_type, fields, tuple(_text(tags).split()), _whole(modified), order)
        found.cards.append(
            Incoming(
                place,
                f"anki/{guid}/{order}",
                own,
                tuple(ratings.get(number, ())),
                suspended=queue == -1,
                site_id=guid if order == 0 else "",
                original=original if len(texts) <= LONGEST_KEPT_BYTES else None,
            )
        )
    found.media = list(media.found.values())
    problems += [Problem(f"file {name[:80]}", why) for name, why in media.refused.items()]
    return found


def _ratings(database: sqlite3.Connection) -> dict[int, list[Rated]]:
    found: dict[int, list[Rated]] = {}
    for at, number, ease, took, kind, factor in database.execute(
        "SELECT id, cid, ease, time, type, factor FROM revlog ORDER BY id"
    ):
        # A filtered deck may be for looking alone; then no factor is written, and nothing was learned by it.
        if ease not in (1, 2, 3, 4) or kind not in _RATED or (kind == _FILTERED and not factor):
            continue
        when = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
        found.setdefault(number, []).append(Rated(f"anki/{at}", when, ease, min(max(took, 0), 3_600_000)))
    return found


def _note_types(database: sqlite3.Connection) -> dict[int, NoteType]:
    told = database.execute("SELECT models FROM col").fetchone()[0]
    if told and told != "{}":
        return {int(number): _told_type(int(number), one) for number, one in json.loads(told).items()}
    fields: dict[int, list[str]] = {}
    for number, name in database.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(number, []).append(_text(name))
    templates: dict[int, list[tuple[str, str]]] = {}
    names: dict[int, list[str]] = {}
    for number, name, config in database.execute("SELECT ntid, name, config FROM templates ORDER BY ntid, ord"):
        parts = protobuf.message(config)
        templates.setdefault(number, []).append((_text(protobuf.text(parts, 1)), _text(protobuf.text(parts, 2))))
        names.setdefault(number, []).append(_text(name))
    found = {}
    for number, name, modified, config in database.execute("SELECT id, name, mtime_secs, config FROM notetypes"):
        parts = protobuf.message(config)
        found[number] = NoteType(
            fields=tuple(fields.get(number, ())),
            templates=tuple(templates.get(number, ())),
            is_cloze=protobuf.number(parts, 1) == 1,
            names=tuple(names.get(number, ())),
            css=_text(protobuf.text(parts, 3))[:LONGEST_KEPT_BYTES],
            name=_text(name)[:LONGEST_NAME],
            number=_whole(number),
            modified=_whole(modified),
            sort=_whole(protobuf.number(parts, 2)),
        )
    return found


def _told_type(number: int, one: dict[str, Any]) -> NoteType:
    fields = sorted(one["flds"], key=lambda one: one["ord"])
    templates = sorted(one["tmpls"], key=lambda template: template["ord"])
    return NoteType(
        fields=tuple(_text(one["name"]) for one in fields),
        templates=tuple((_text(template["qfmt"]), _text(template["afmt"])) for template in templates),
        is_cloze=one["type"] == 1,
        names=tuple(_text(template.get("name", "")) for template in templates),
        css=_text(one.get("css", ""))[:LONGEST_KEPT_BYTES],
        name=_text(one.get("name", ""))[:LONGEST_NAME],
        number=_whole(number),
        modified=_whole(one.get("mod", 0)),
        sort=_whole(one.get("sortf", 0)),
    )


def _text(value: object) -> str:
    """Without what a database refuses: null characters, and halves of a pair of surrogates."""
    if isinstance(value, bytes):
        raise TypeError("bytes where a text should stand")
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")


def _whole(value: Any) -> int:
    return min(max(int(value), 0), 2**53)


def _decks(database: sqlite3.Connection) -> dict[int, str]:
    """Names as Anki shows them, a deck within a deck after two colons."""
    told = database.execute("SELECT decks FROM col").fetchone()[0]
    if told and told != "{}":
        return {int(number): _text(one["name"])[:LONGEST_NAME] for number, one in json.loads(told).items()}
    rows = database.execute("SELECT id, name FROM decks")
    return {number: name.replace("\x1f", "::")[:LONGEST_NAME] for number, name in rows}
