"""Notes and their types as Anki has them, as plain values."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class NoteType:
    """`templates` are the question and answer of each card, in order; a cloze type has one for all its gaps.
    `modified` is in seconds, `sort` the place of the field that Anki sorts by."""

    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    is_cloze: bool = False
    names: tuple[str, ...] = ()  # of the templates
    css: str = ""
    name: str = ""
    number: int = 0
    modified: int = 0
    sort: int = 0

    @property
    def schema(self) -> str:
        """By which two types of one number are told apart, as Anki does: the names of fields and templates."""
        return hashlib.sha256("\x1f".join(("\x1e".join(self.fields), *self.names)).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "NoteType":
        """The inverse of `as_json`. Raises KeyError, TypeError and ValueError for anything else."""
        return cls(
            fields=tuple(map(str, told["fields"])),
            templates=tuple((str(question), str(answer)) for question, answer in told["templates"]),
            is_cloze=bool(told["is_cloze"]),
            names=tuple(map(str, told["names"])),
            css=str(told["css"]),
            name=str(told["name"]),
            number=int(told["number"]),
            modified=int(told["modified"]),
            sort=int(told["sort"]),
        )


@dataclass(frozen=True)
class Original:
    """The note that a card is made of. `order` is the place of the card's template, or its gap's number less one."""

    guid: str
    kind: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    modified: int
    order: int
