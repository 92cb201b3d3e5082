"""Front matter with a type for every key: an unknown key, a missing one and a wrong value are each a problem."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prepsite.lib.problems import Problem

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LARGEST_ORDER = 3000  # a card's place is ten times its question's, and must fit a small integer


class Problems:
    """Collects what is wrong with one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, line: int, message: str) -> None:
        self.found.append(Problem(self.file, line, message))


@dataclass(frozen=True)
class Field:
    """One key of front matter. `read` turns the TOML value into ours, or raises ValueError with a sentence.

    Default values are written out unless they are empty or `quiet`: a reader of the file should see what holds.
    """

    name: str
    read: Callable[[Any], Any]
    help: str
    default: Any = None
    required: bool = False
    quiet: bool = False

    def is_written(self, value: Any) -> bool:
        return self.required or not (value in (None, "", (), []) or (self.quiet and value == self.default))


def text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a text")
        if "\n" in value.strip():
            raise ValueError("must be a text of one line")
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return value.strip()

    return read


def long_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip("\n").rstrip()


def slug(longest: int = 80) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not SLUG.fullmatch(value):
            raise ValueError("must be a slug: lower-case letters, digits and single hyphens")
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return value

    return read


def identity(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise ValueError("must be a UUID; make one with: python -c 'import uuid; print(uuid.uuid4())'") from None


def one_of(*options: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in options:
            raise ValueError(f"must be one of: {', '.join(options)}")
        return str(value)

    return read


def integer(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value - value != 0:
        raise ValueError("must be a number")
    return value


def tolerance(value: Any) -> float:
    if number(value) < 0:
        raise ValueError("must not be negative")
    return number(value)


def several(read_one: Callable[[Any], Any], *, least: int = 0) -> Callable[[Any], tuple[Any, ...]]:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list")
        if len(value) < least:
            raise ValueError("must not be empty")
        items = []
        for item in value:
            try:
                items.append(read_one(item))
            except ValueError as error:
                raise ValueError(f"holds {item!r}, which {error}") from None
        if len(set(items)) < len(items):
            raise ValueError("names something twice")
        return tuple(items)

    return read


def sorted_slugs(value: Any) -> tuple[str, ...]:
    """A set of slugs: files write it in one order, whatever the order in which it was typed."""
    return tuple(sorted(several(slug(), least=1)(value)))


def read_table(
    table: Mapping[str, Any],
    fields: Sequence[Field],
    lines: Mapping[str, int],
    line: int,
    problems: Problems,
    label: str = "",
) -> dict[str, Any]:
    """The values of the table by field name. Wrong and missing ones are reported and take their defaults."""
    known = {one.name: one for one in fields}
    for key in table:
        if key not in known:
            problems.add(lines.get(key, line), f"unknown key “{label}{key}”; known are: {', '.join(known)}")
    values: dict[str, Any] = {}
    for name, one in known.items():
        values[name] = one.default
        if name not in table:
            if one.required:
                problems.add(line, f"“{label}{name}” is missing")
            continue
        try:
            values[name] = one.read(table[name])
        except ValueError as error:
            problems.add(lines.get(name, line), f"“{label}{name}” {error}")
    return values
