"""What changed between two attempts, line by line."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`change` is same, added, removed or skip (lines left out); a number is None where that side has no such line."""

    change: str
    before: int | None
    after: int | None
    text: str


def compare(before: str, after: str, *, context: int = 3) -> list[Line]:
    """The lines of `after` against `before`, with `context` unchanged lines around each change; empty when equal."""
    old, new = before.splitlines(), after.splitlines()
    groups = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(context)
    lines: list[Line] = []
    for group in groups:
        if lines or group[0][1] > 0:
            lines.append(Line("skip", None, None, ""))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [
                    Line("same", old_from + i + 1, new_from + i + 1, old[old_from + i])
                    for i in range(old_to - old_from)
                ]
            else:
                lines += _numbered("removed", old, old_from, old_to)
                lines += _numbered("added", new, new_from, new_to)
    return lines


def _numbered(change: str, text: list[str], start: int, stop: int) -> Iterator[Line]:
    for index in range(start, stop):
        removed = change == "removed"
        yield Line(change, index + 1 if removed else None, None if removed else index + 1, text[index])
