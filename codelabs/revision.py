"""What changed between two attempts, line by line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

# Looking for the longest run of equal lines, and again to its left and right, takes as many steps as there are pairs of
# equal lines, as many times as there are lines at worst. Code stays far below; a text of one line a thousand times over
# does not, and a few of those would keep the site busy for days.
_MOST_STEPS = 50_000_000


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
    groups = _Matcher(old, new).get_grouped_opcodes(context)
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


class _Matcher(SequenceMatcher[str]):
    """Compares what lies between the first and the last change; where that takes too long, all of it has changed."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(a=old, b=new, autojunk=False)
        self.old, self.new = old, new

    def get_matching_blocks(self) -> list[Match]:
        ahead = _alike(self.old, self.new)
        old, new = self.old[ahead:], self.new[ahead:]
        behind = _alike(old[::-1], new[::-1])
        old, new = old[: len(old) - behind], new[: len(new) - behind]
        blocks = [Match(0, 0, ahead)]
        if _steps(old, new) <= _MOST_STEPS:
            within = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
            blocks += [Match(ahead + block.a, ahead + block.b, block.size) for block in within]
        blocks.append(Match(ahead + len(old), ahead + len(new), behind))
        return [*blocks, Match(len(self.old), len(self.new), 0)]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count


def _steps(old: Sequence[str], new: Sequence[str]) -> int:
    here, there = Counter(old), Counter(new)
    return sum(count * there[line] for line, count in here.items()) * min(len(old), len(new))


def _numbered(change: str, text: list[str], start: int, stop: int) -> Iterator[Line]:
    for index in range(start, stop):
        removed = change == "removed"
        yield Line(change, index + 1 if removed else None, None if removed else index + 1, text[index])
