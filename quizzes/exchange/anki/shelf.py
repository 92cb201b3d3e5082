"""The pictures and sounds in a package. Only those that a card shows are unpacked, their bytes counted on the way.

The list of names is JSON in older packages, and compressed protobuf in newer ones, where every file is compressed too.
Names are keys and never paths; what a file is, its first bytes say.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from prepsite.lib import media
from quizzes.exchange.anki import protobuf
from quizzes.media_names import normal, spellings
from quizzes.own_media import LARGEST_FILE_BYTES, LONGEST_NAME, Arriving

LARGEST_PACKAGE_BYTES = 100_000_000  # of all media of one package, unpacked
LARGEST_LIST_BYTES = 5_000_000
MOST_FILES = 5_000  # of one package
_WINDOW_BYTES = 2**23  # that unpacking one file may keep in memory
_BLOCK_BYTES = 256_000
_UNREADABLE = (zipfile.BadZipFile, zstandard.ZstdError, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass
class Shelf:
    """`here` are files that the learner has already, by name: used where the package has none. `found` and `refused`
    fill as cards ask for addresses; `refused` has a sentence by the name of each file that may not come in."""

    archive: zipfile.ZipFile
    folder: Path
    entries: Mapping[str, str]
    compressed: bool
    here: Mapping[str, str]
    found: dict[str, Arriving] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unpacked: int = 0

    def address(self, written: str) -> str | None:
        """Where the file that a field calls so will be served; None if there is none that may come in."""
        for name in spellings(written):
            if name in self.entries and name not in self.found and name not in self.refused:
                self._fetch(name)
            if name in self.found:
                return self.found[name].address
            if name in self.here:
                return self.here[name]
        return None

    def _fetch(self, name: str) -> None:
        if len(self.found) >= MOST_FILES:
            self.refused[name] = (
                f"The package shows more than {MOST_FILES:,} pictures and sounds; this one is left out."
            )
            return
        path = self.folder / f"media-{len(self.found)}"
        try:
            with self.archive.open(self.entries[name]) as packed:
                self._take(name, _unpacked(packed, self.compressed), path)
        except (*_UNREADABLE, KeyError):
            self.refused[name] = "It is named in the package and cannot be unpacked."

    def _take(self, name: str, file: IO[bytes], path: Path) -> None:
        size = 0
        sha256, sha1, start = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), b""
        with path.open("wb") as out:
            while block := file.read(_BLOCK_BYTES):
                start = start or block[:1000]
                size += len(block)
                self.unpacked += len(block)
                if size > LARGEST_FILE_BYTES:
                    self.refused[name] = f"It is larger than {LARGEST_FILE_BYTES // 1_000_000} MB."
                    return
                if self.unpacked > LARGEST_PACKAGE_BYTES:
                    most = LARGEST_PACKAGE_BYTES // 1_000_000
                    self.refused[name] = f"The pictures and sounds of this package take more than {most} MB."
                    return
                sha256.update(block)
                sha1.update(block)
                out.write(block)
        kind = media.kind_of(start)
        if kind is None:
            self.refused[name] = _why_not(start)
            return
        self.found[name] = Arriving(name, sha256.hexdigest(), sha1.hexdigest(), kind, size, path)


def _why_not(start: bytes) -> str:
    if b"<svg" in start.lower():
        return "It is an SVG picture, which can carry scripts; a PNG of it can come in."
    return f"By its first bytes it is none of {media.NAMED}."


def shelf(archive: zipfile.ZipFile, folder: Path, is_new_form: bool, here: Mapping[str, str]) -> Shelf:
    """The media of an open package. Raises ValueError if its list cannot be read."""
    entries: dict[str, str] = {}
    if "media" in archive.namelist():
        with archive.open("media") as packed:
            told = _unpacked(packed, is_new_form).read(LARGEST_LIST_BYTES + 1)
        if len(told) > LARGEST_LIST_BYTES:
            raise ValueError("the list of media is too long")
        entries = _new_list(told) if is_new_form else _old_list(told)
    return Shelf(archive, folder, entries, is_new_form, here)


def _unpacked(packed: IO[bytes], compressed: bool) -> Any:
    if not compressed:
        return packed
    return zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).stream_reader(packed, read_across_frames=True)


def _old_list(told: bytes) -> dict[str, str]:
    names = json.loads(told or b"{}")
    if not isinstance(names, dict):
        raise ValueError("the list of media is no object")
    return {_name(name): str(entry) for entry, name in names.items()}


def _new_list(told: bytes) -> dict[str, str]:
    entries = protobuf.message(told).get(1, [])
    parts = [protobuf.message(entry) for entry in entries if isinstance(entry, bytes)]
    return {_name(protobuf.text(part, 1)): str(number) for number, part in enumerate(parts)}


def _name(told: object) -> str:
    text = str(told).encode("utf-8", "replace").decode().replace("\0", "")
    return normal(text)[: LONGEST_NAME * 2]
