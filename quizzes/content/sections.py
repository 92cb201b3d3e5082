"""The body of a content file: sections under level-one headings, and lists of items with fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prepsite.lib.frontmatter import closes, opening
from quizzes.content.fields import Problems

_HEADING = re.compile(r"# +(.+?)\s*#*\s*")
_ITEM = re.compile(r"- +(?=\S)|-$")
_MARK = re.compile(r"\[([ xX])\] +")
_KEY = re.compile(r"`([^`]*)` *")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELD = re.compile(r"  ([A-Z][a-z]+):(?: +(.*))?$")


@dataclass(frozen=True)
class Section:
    """`line` is that of the first line of `text`; `heading` that of the heading (0 for what stands before any)."""

    name: str
    text: str
    line: int
    heading: int


@dataclass(frozen=True)
class ItemField:
    name: str
    help: str
    required: bool = False


@dataclass(frozen=True)
class Grammar:
    """What the items of a section look like."""

    fields: tuple[ItemField, ...] = ()
    marked: bool = False
    longest_key: int = 0  # 0: its items have no key


@dataclass(frozen=True)
class Item:
    text: str
    line: int
    key: str = ""
    marked: bool = False
    fields: Mapping[str, tuple[str, int]] = ()  # type: ignore[assignment]

    def value(self, name: str, default: str = "") -> str:
        return self.fields[name][0] if name in self.fields else default

    def line_of(self, name: str) -> int:
        return self.fields[name][1] if name in self.fields else self.line


def split(body: str, first_line: int, problems: Problems) -> list[Section]:
    """The sections of a body; what stands before the first heading comes first, under the name "".

    A heading inside a code block is code. A block that never ends is reported and then read as if it were text, so
    that the sections after it are still seen.
    """
    lines = body.split("\n")
    headings: list[tuple[str, int]] = [("", -1)]
    for number, line in _outside_code(lines, first_line, problems):
        if match := _HEADING.fullmatch(line):
            headings.append((match[1], number))
    found = []
    for place, (name, number) in enumerate(headings):
        end = headings[place + 1][1] if place + 1 < len(headings) else len(lines)
        start = number + 1
        while start < end and not lines[start].strip():
            start += 1
        text = "\n".join(lines[start:end]).rstrip()
        found.append(Section(name, text, first_line + start, first_line + number if number >= 0 else 0))
    return found


def _outside_code(lines: Sequence[str], first_line: int, problems: Problems) -> list[tuple[int, str]]:
    outside: list[tuple[int, str]] = []
    number = 0
    while number < len(lines):
        if fence := opening(lines[number]):
            end = next((n for n in range(number + 1, len(lines)) if closes(lines[n], fence)), None)
            if end is not None:
                number = end + 1
                continue
            problems.add(first_line + number, f"the code block that {fence} opens here is never closed")
        outside.append((number, lines[number]))
        number += 1
    return outside


def level_one_heading(text: str) -> bool:
    """Whether a text would be cut in two by `split`."""
    ignored = Problems("")
    return any(_HEADING.fullmatch(line) for _, line in _outside_code(text.split("\n"), 1, ignored))


def items(section: Section, grammar: Grammar, problems: Problems) -> list[Item]:
    """The items of a section. Whatever is not an item, or is wrong with one, is reported."""
    lines = section.text.split("\n") if section.text else []
    starts = [number for number, line in enumerate(lines) if _ITEM.match(line)]
    if lines and (not starts or starts[0] > 0):
        problems.add(section.line, f"“{section.name}” is a list: each of its items begins with “- ”")
    found = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        item = _item(lines[start:end], section.line + start, grammar, problems)
        if item is not None:
            found.append(item)
    seen: set[str] = set()
    for item in found:
        if item.key and item.key in seen:
            problems.add(item.line, f"the key `{item.key}` stands twice in “{section.name}”")
        seen.add(item.key)
    return found


def _item(lines: Sequence[str], line: int, grammar: Grammar, problems: Problems) -> Item | None:
    first = re.sub(r"^- *", "", lines[0])
    marked = False
    if grammar.marked:
        if mark := _MARK.match(first):
            marked, first = mark[1] != " ", first[mark.end() :]
        else:
            problems.add(line, "the item does not begin with “- [x] ” (right) or “- [ ] ” (wrong)")
    key = ""
    if grammar.longest_key:
        if (match := _KEY.match(first)) and _SLUG.fullmatch(match[1]):
            key, first = match[1], first[match.end() :]
            if len(key) > grammar.longest_key:
                problems.add(line, f"the key `{key}` is longer than {grammar.longest_key} characters")
        else:
            problems.add(line, "the item has no key, a slug in backticks at its beginning: - `its-key` Text")
    text, fields = _text_and_fields([first, *lines[1:]], line, grammar, problems)
    for field in grammar.fields:
        if field.required and field.name not in fields:
            problems.add(line, f"the item has no “{field.name}:”")
    if not text:
        problems.add(line, "the item has no text")
        return None
    return Item(text, line, key, marked, fields)


def _text_and_fields(
    lines: list[str], first_line: int, grammar: Grammar, problems: Problems
) -> tuple[str, dict[str, tuple[str, int]]]:
    known = {field.name for field in grammar.fields}
    text: list[str] = [lines[0].rstrip()]
    values: dict[str, tuple[list[str], int]] = {}
    current = text
    fence = opening(lines[0].strip())
    for number, line in enumerate(lines[1:], start=first_line + 1):
        indent = "    " if current is not text else "  "
        if fence:
            fence = "" if closes(line, fence) else fence
        elif match := _FIELD.match(line):
            name, value = match[1], (match[2] or "").strip()
            if name not in known:
                expected = f"known are: {', '.join(sorted(known))}" if known else "its items have none"
                problems.add(number, f"unknown field “{name}:” ({expected}); if it is text, join it to the line above")
            if name in values:
                problems.add(number, f"the field “{name}:” stands twice")
            current = [value]
            values[name] = (current, number)
            fence = opening(value)
            continue
        else:
            fence = opening(line.removeprefix(indent))
        if line.strip() and not line.startswith(indent):
            problems.add(number, f"this line does not belong to the item above it: {_indent_by(indent)}")
        current.append(line.removeprefix(indent).rstrip() if line.startswith(indent) else line.strip())
    fields = {}
    for name, (parts, number) in values.items():
        value = "\n".join(parts).strip("\n").rstrip()
        if not value:
            problems.add(number, f"“{name}:” is empty")
        elif name in known:
            fields[name] = (value, number)
    return "\n".join(text).strip("\n").rstrip(), fields


def _indent_by(indent: str) -> str:
    return "indent it by two" if len(indent) == 2 else "the further lines of a field are indented by four"


def write_item(text: str, *, key: str = "", marked: bool | None = None, fields: Sequence[tuple[str, str]] = ()) -> str:
    """One item in canonical form. Fields without a value are left out."""
    mark = "" if marked is None else "[x] " if marked else "[ ] "
    lines = [f"- {mark}{f'`{key}` ' if key else ''}{_indented(text, 2)}"]
    lines += [f"  {name}: {_indented(value, 4)}" for name, value in fields if value]
    return "\n".join(lines)


def _indented(text: str, columns: int) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * columns + line if line else "" for line in rest)])


def write(sections: Sequence[tuple[str, str]]) -> str:
    """A body of the sections that have a text, in the order given; the name "" has no heading."""
    return "\n\n".join(f"# {name}\n\n{text}" if name else text for name, text in sections if text)
