"""Front matter: TOML between two lines of three plus signs, then Markdown. Text in, pieces with line numbers out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

FENCE = "+++"
WIDTH = 120  # columns, beyond which an array is written one item to a line

_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}")


class BadToml(ValueError):  # noqa: N818 - it is the text that is bad
    """`line` counts from 1 within the TOML text; 0 if tomlkit does not say."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Document:
    """`toml_line` and `body_line` are the numbers of the first lines of the two parts, counted from 1."""

    toml: str
    body: str
    toml_line: int
    body_line: int


@dataclass(frozen=True)
class Table:
    """Where one table of a TOML text begins ("" is the top), and where each of its keys stands."""

    name: str
    line: int
    keys: Mapping[str, int]


def documents(text: str) -> list[Document]:
    """The documents of a text, usually one. A fence line inside a code block of Markdown opens nothing.

    Raises BadToml if the text does not begin with front matter, or front matter does not end.
    """
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None or lines[start].rstrip() != FENCE:
        raise BadToml((start or 0) + 1, f"the file does not begin with front matter, a line “{FENCE}”")
    found = []
    while start < len(lines):
        close = next((number for number in range(start + 1, len(lines)) if lines[number].rstrip() == FENCE), None)
        if close is None:
            raise BadToml(start + 1, f"the front matter is opened and never closed by a line “{FENCE}”")
        end = _next_document(lines, close + 1)
        found.append(
            Document("\n".join(lines[start + 1 : close]), "\n".join(lines[close + 1 : end]), start + 2, close + 2)
        )
        start = end
    return found


def _next_document(lines: Sequence[str], start: int) -> int:
    fence = ""
    for number in range(start, len(lines)):
        line = lines[number]
        if fence:
            fence = "" if closes(line, fence) else fence
        elif opened := opening(line):
            fence = opened
        elif line.rstrip() == FENCE:
            return number
    return len(lines)


def opening(line: str) -> str:
    """The fence that a line at the left margin opens (such as ```), or "" if it opens none."""
    match = re.match(r"(`{3,}(?=[^`]*$)|~{3,})", line)
    return match[1] if match else ""


def closes(line: str, fence: str) -> bool:
    """Whether the line closes a code block that `fence` opened."""
    mark = line.strip()
    return len(mark) >= len(fence) and not mark.strip(fence[0])


def parse_toml(text: str) -> dict[str, Any]:
    """Plain values of a TOML text. Raises BadToml with tomlkit's sentence."""
    try:
        return tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        message = re.sub(r"\s+at line \d+ col \d+$", "", str(error)).rstrip(".")
        raise BadToml(getattr(error, "line", 0), f"malformed TOML: {message}") from error


def tables(text: str, first_line: int = 1) -> list[Table]:
    """The tables of a TOML text in their order, the top one first, with the line of every key."""
    found = [Table("", first_line, {})]
    keys: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=first_line):
        if header := _HEADER.fullmatch(line.split("#")[0].rstrip()):
            found[-1] = Table(found[-1].name, found[-1].line, keys)
            keys = {}
            found.append(Table(header[1], number, keys))
        elif key := _KEY.match(line):
            keys.setdefault(key[1], number)
    found[-1] = Table(found[-1].name, found[-1].line, keys)
    return found


def write_value(key: str, value: Any) -> str:
    """One canonical `key = value` line (or lines, for long lists and texts of several lines)."""
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend([_string(item) if isinstance(item, str) else item for item in value])
        line = f"{key} = {array.as_string()}"
        return line if len(line) <= WIDTH else f"{key} = {array.multiline(True).as_string()}"
    if isinstance(value, str) and "\n" in value:
        quoted = tomlkit.string(value, literal=_literally(value), multiline=True).as_string()
        # TOML drops a line break right after the opening quotes: the text begins on a line of its own.
        return f"{key} = " + (quoted if value.startswith("\n") else quoted[:3] + "\n" + quoted[3:])
    return f"{key} = {(_string(value) if isinstance(value, str) else tomlkit.item(value)).as_string()}"


def _string(value: str) -> Item:
    return tomlkit.string(value, literal=_literally(value) and not set("'\n") & set(value))


def _literally(value: str) -> bool:
    """Whether to write a string as it is typed: where backslashes occur, so that TeX stays readable, if TOML can."""
    plain = not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value)
    return "\\" in value and plain and "'''" not in value and not value.endswith("'")


def write(values: Mapping[str, Any], body: str) -> str:
    """Front matter and body as one text. Nested mappings become tables after the plain values."""
    plain = [write_value(key, value) for key, value in values.items() if not isinstance(value, Mapping)]
    nested = [
        "\n".join(["", f"[{name}]", *(write_value(key, value) for key, value in table.items())])
        for name, table in values.items()
        if isinstance(table, Mapping)
    ]
    return "\n".join([FENCE, *plain, *nested, FENCE, "", body.strip("\n"), ""])
