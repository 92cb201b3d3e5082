"""An archive taken in: what another site knew about the learner becomes known here, once.

All or nothing: either every row that can live here is here afterwards, or nothing has changed. What is here already
stays as it is, so the same archive again changes nothing. A row that refers to content this site does not have is left
out, and said.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from prepsite.accounts.download import FORMAT, Parts
from prepsite.accounts.models import User
from prepsite.lib.travel import AnothersRow, Landing, Values
from prepsite.lib.zips import lists_too_much

LARGEST_BYTES = 1_000_000_000  # of everything in the archive, unpacked
LONGEST_LINE_BYTES = 8_000_000  # a picture of 5 MB in base64, and what is said of it
MOST_SHOWN = 20  # sentences


class BadArchive(Exception):  # noqa: N818 - it is the file that is bad
    """Nothing was taken in; the sentence says why."""


@dataclass(frozen=True)
class Taken:
    """How many rows of a table were new and how many were here already."""

    name: str
    made: int
    known: int


@dataclass
class Report:
    """`problems` has a sentence for each row that was left out."""

    rows: list[Taken] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        return self.problems[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.problems) - len(self.shown)


def restore(file: IO[bytes], user: User, parts: Parts) -> Report:
    """Take the archive in for `user`. Raises BadArchive, and then nothing has changed."""
    if lists_too_much(file):
        raise BadArchive("This archive lists more files than can be read here. Nothing was changed.")
    try:
        with zipfile.ZipFile(file) as archive, transaction.atomic():
            _check(archive)
            return _restore(archive, user, parts)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadArchive("This is not an archive that this site can read. Nothing was changed.") from error
    except AnothersRow as error:
        raise BadArchive(f"{error} Nothing was changed.") from error
    except DatabaseError as error:
        raise BadArchive("Rows of this archive contradict each other or what is here. Nothing was changed.") from error


def _check(archive: zipfile.ZipFile) -> None:
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_BYTES:
        raise BadArchive(f"Unpacked, this archive is larger than {LARGEST_BYTES // 10**6:,} MB. Nothing was changed.")
    told = _object(archive, "manifest.json")
    if told.get("format") != FORMAT:
        raise BadArchive(
            f"This is not “{FORMAT}”, the form in which this site writes a learner's data. Nothing was changed."
        )


def _restore(archive: zipfile.ZipFile, user: User, parts: Parts) -> Report:
    report, landing = Report(), Landing(user)
    names = set(archive.namelist())
    for part, tables in parts.items():
        for table in tables:
            name = f"{part}/{table.name}"
            if f"{name}.jsonl" not in names:
                continue
            arrival = landing.take(table, _lines(archive, f"{name}.jsonl"))
            report.rows.append(Taken(table.name.replace("_", " "), len(arrival.made), arrival.known))
            report.problems += arrival.problems
        faults = list(landing.faults(tables))
        if faults:
            raise BadArchive(
                f"{len(faults)} cards of this archive do not equal the fold of their logs, so somebody or something "
                f"changed them. Nothing was changed here. The first: {faults[0]}"
            )
    _take_profile(_object(archive, "profile.json"), user)
    return report


def _take_profile(told: Values, user: User) -> None:
    """The study day of the archive. Address and password stay this account's own."""
    before = user.zone, user.day_start_hour
    try:
        user.zone, user.day_start_hour = str(told.get("zone", user.zone)), int(told.get("day_start_hour", 4))
        user.full_clean(exclude=["password", "email"])
    except (ValidationError, TypeError, ValueError):
        user.zone, user.day_start_hour = before
        return
    user.save(update_fields=["zone", "day_start_hour"])


def _object(archive: zipfile.ZipFile, name: str) -> Values:
    if name not in archive.namelist():
        raise BadArchive(f"This archive has no {name}. Nothing was changed.")
    return next(_lines(archive, name), {})


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[Values]:
    with archive.open(name) as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE_BYTES):
            number += 1
            yield _values(line, f"{name}, line {number}")


def _values(line: bytes, place: str) -> Values:
    try:
        values: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{place} is not JSON. Nothing was changed.") from error
    if not isinstance(values, dict):
        raise BadArchive(f"{place} is not an object. Nothing was changed.")
    return values
