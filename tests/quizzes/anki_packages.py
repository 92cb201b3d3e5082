"""Anki packages for tests: made by hand, and brought in through the site's own acts."""

import datetime as dt
import json
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path

from prepsite.accounts.models import User
from quizzes import own_media
from quizzes.exchange import incoming
from quizzes.exchange.anki import reading, schema
from quizzes.exchange.carrying_out import carry_out
from quizzes.exchange.incoming import Plan
from quizzes.scheduling import StudyClock

UTC = StudyClock("UTC", 4)


def planned(user: User, path: Path) -> Plan:
    folder = path.parent / "unpacked"
    folder.mkdir(exist_ok=True)
    with path.open("rb") as file:
        told = reading.read(file, folder, own_media.addresses(user))
    return incoming.plan(user, told.cards, told.problems, dt.datetime.now(dt.UTC), told.media)


def taken(user: User, path: Path) -> Plan:
    made = planned(user, path)
    carry_out(user, made, dt.datetime.now(dt.UTC), UTC)
    return made


def counts(made: Plan) -> tuple[int, int, int, int, int]:
    return made.new, made.changed, made.unchanged, made.ratings, len(made.problems)


def database(path: Path, *statements: str) -> bytes:
    """A collection of schema 11 with one basic note, one card and one review, and then the statements."""
    rows = sqlite3.connect(path)
    rows.executescript(schema.TABLES)
    models = {"1": {"flds": [{"name": "F", "ord": 0}, {"name": "B", "ord": 1}], "type": 0}}
    models["1"]["tmpls"] = [{"qfmt": "{{F}}", "afmt": "{{FrontSide}}<hr id=answer>{{B}}", "ord": 0}]
    decks = {"1": {"name": "Default"}}
    told = (json.dumps(models), json.dumps(decks))
    rows.execute("INSERT INTO col VALUES (1,0,0,0,11,0,0,0,'{}',?,?,'{}','{}')", told)
    rows.execute("INSERT INTO notes VALUES (1,'guid',1,0,0,'','front\x1fback','front',0,0,'')")
    rows.execute("INSERT INTO cards VALUES (1,1,1,0,0,0,2,2,5,5,2500,1,0,0,0,0,0,'{}')")
    rows.execute("INSERT INTO revlog VALUES (1700000000000,1,0,3,5,0,224,900,0)")
    for statement in statements:
        rows.executescript(statement)
    rows.commit()
    rows.close()
    return path.read_bytes()


def package(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def with_media(path: Path, field: str, files: dict[str, bytes], guid: str = "guid") -> Path:
    """A package of the older form with one card whose front is `field`, and these files by their names."""
    rows = path.with_suffix(".rows")
    rows.unlink(missing_ok=True)
    text = field.replace("'", "''")
    data = database(rows, f"UPDATE notes SET guid = '{guid}', flds = '{text}' || char(31) || 'back'")
    names = json.dumps({str(number): name for number, name in enumerate(files)}).encode()
    entries = {str(number): content for number, content in enumerate(files.values())}
    return package(path, {"collection.anki2": data, "media": names} | entries)


def png(red: int = 0, side: int = 1) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes((red, 90, 200)) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def wav(milliseconds: int = 50) -> bytes:
    """A sound: silence, 8,000 samples of one byte a second."""
    data = b"\x80" * (8 * milliseconds)
    form = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(form) + len(data)) + form + data
