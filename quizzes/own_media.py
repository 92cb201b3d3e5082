"""A learner's pictures and sounds: stored once by what they hold, within limits, and swept when no card shows them."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.core.exceptions import ValidationError
from django.db import models

from prepsite.lib import media
from quizzes.media_names import names_in
from quizzes.models import AnkiNote, Card, Flashcard, MediaFile

LARGEST_FILE_BYTES = 5_000_000
LARGEST_ALL_BYTES = 200_000_000  # of one learner
MOST_FILES = 20_000  # of one learner
LONGEST_NAME = 120  # characters
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')  # in the name of a file, somewhere
_LONGEST_ENDING = 20
_AT_A_TIME = 500  # names in one query
_WITH_DATA = 4  # files held in memory


class TooMuch(Exception):  # noqa: N818
    """The learner has as many pictures and sounds as they may have."""


@dataclass(frozen=True)
class Arriving:
    """A file that may come in: unpacked at `path`, checked, and not stored yet."""

    name: str
    sha256: str
    sha1: str  # Anki's own way to tell files apart
    kind: media.Kind
    size: int
    path: Path

    @property
    def address(self) -> str:
        return media.address(self.sha256, self.kind.extension)


def addresses(user: models.Model) -> dict[str, str]:
    """Where the learner's files are served, by their names."""
    rows = MediaFile.objects.filter(owner=user.pk).values_list("name", "sha256", "extension")
    return {name: media.address(sha256, extension) for name, sha256, extension in rows}


def names_for(user: models.Model, arriving: Sequence[Arriving]) -> dict[str, str]:
    """What each file will be called here, by its name in the package. One that is here keeps the name it has; another
    one's name is told apart by the checksum, as Anki does it."""
    rows = MediaFile.objects.filter(owner=user.pk).values_list("sha256", "name")
    known = dict(rows)
    taken = set(known.values())
    names: dict[str, str] = {}
    for one in arriving:
        if one.sha256 not in known:
            known[one.sha256] = _free(one.name, one.sha1, taken)
            taken.add(known[one.sha256])
        names[one.name] = known[one.sha256]
    return names


def _free(name: str, sha1: str, taken: set[str]) -> str:
    path = PurePath(_UNSAFE.sub("_", name).strip(" .") or "file")
    ending = path.suffix[:_LONGEST_ENDING]
    stem = path.stem[: LONGEST_NAME - len(ending)]
    return f"{stem}{ending}" if f"{stem}{ending}" not in taken else f"{stem}-{sha1}{ending}"


def fresh(user: models.Model, arriving: Iterable[Arriving]) -> list[Arriving]:
    """Those that are not here yet, each content once."""
    known = set(MediaFile.objects.filter(owner=user.pk).values_list("sha256", flat=True))
    return list({one.sha256: one for one in reversed(list(arriving)) if one.sha256 not in known}.values())[::-1]


def store(user: models.Model, arriving: Sequence[Arriving], names: Mapping[str, str]) -> None:
    """Store what is not here yet. In a transaction of the caller's, before the cards are written. Raises TooMuch."""
    new = fresh(user, arriving)
    if not new:
        return
    size = sum(one.size for one in new)
    if not _has_room(user, size, len(new)):
        sweep(user)
        if not _has_room(user, size, len(new)):
            raise TooMuch(
                f"With this file your pictures and sounds would take more than {LARGEST_ALL_BYTES // 1_000_000} MB, or "
                f"be more than {MOST_FILES:,}. Export fewer decks at once, or without media."
            )
    for start in range(0, len(new), _WITH_DATA):
        MediaFile.objects.bulk_create(
            MediaFile(
                owner_id=user.pk,
                sha256=one.sha256,
                name=names[one.name],
                extension=one.kind.extension,
                size=one.size,
                data=one.path.read_bytes(),
            )
            for one in new[start : start + _WITH_DATA]
        )


def held(user: models.Model) -> tuple[int, int]:
    """How many bytes the learner's files take, and how many there are."""
    told = MediaFile.objects.filter(owner=user.pk).aggregate(size=models.Sum("size"), number=models.Count("pk"))
    return told["size"] or 0, told["number"]


def in_words(size: int) -> str:
    """Bytes for people: 640 kB, 12.3 MB, in powers of ten as the limits are."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} kB"


def _has_room(user: models.Model, size: int, number: int) -> bool:
    bytes_held, files_held = held(user)
    return bytes_held + size <= LARGEST_ALL_BYTES and files_held + number <= MOST_FILES


def sweep(user: models.Model) -> None:
    """Delete the files that no card, no note of the learner's and no note from Anki shows."""
    shown: set[str] = set()
    for texts in (
        Flashcard.objects.filter(owner=user.pk).values_list("front", "back"),
        Card.objects.filter(user=user.pk).exclude(note="").values_list("note"),
    ):
        for row in texts.iterator(chunk_size=2000):
            shown |= {match["sha256"] for text in row for match in media.ADDRESS.finditer(text)}
    named: set[str] = set()
    for (fields,) in AnkiNote.objects.filter(owner=user.pk).values_list("fields").iterator(chunk_size=2000):
        named |= {name for field in fields for name in names_in(field)}
    rows = MediaFile.objects.filter(owner=user.pk).values_list("pk", "sha256", "name")
    unused = [key for key, sha256, name in rows if sha256 not in shown and name not in named]
    for start in range(0, len(unused), _AT_A_TIME):
        MediaFile.objects.filter(pk__in=unused[start : start + _AT_A_TIME]).delete()


def contents(user: models.Model, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files with these names, a few in memory at a time."""
    wanted = sorted(names)
    for start in range(0, len(wanted), _AT_A_TIME):
        rows = MediaFile.objects.filter(owner=user.pk, name__in=wanted[start : start + _AT_A_TIME])
        for row in rows.order_by("name").iterator(chunk_size=_WITH_DATA):
            yield row.name, bytes(row.data)


def check(row: MediaFile) -> None:
    """Complete a file that travelled; only its content is believed. Raises ValidationError if it may not come in."""
    data = bytes(row.data)
    kind = media.kind_of(data)
    if kind is None:
        raise ValidationError(f"“{row.name[:80]}” is none of {media.NAMED}.")
    if len(data) > LARGEST_FILE_BYTES:
        raise ValidationError(f"“{row.name[:80]}” is larger than {LARGEST_FILE_BYTES // 1_000_000} MB.")
    row.sha256, row.size, row.extension = hashlib.sha256(data).hexdigest(), len(data), kind.extension
    others = MediaFile.objects.filter(owner=row.owner_id)
    if not others.filter(sha256=row.sha256).exists() and not _has_room(row.owner, row.size, 1):
        raise ValidationError(f"“{row.name[:80]}” has no room: {LARGEST_ALL_BYTES // 1_000_000} MB are taken.")
    taken = set(others.filter(name=row.name).exclude(sha256=row.sha256).values_list("name", flat=True))
    row.name = _free(row.name, hashlib.sha1(data, usedforsecurity=False).hexdigest(), taken)
