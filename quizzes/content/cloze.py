"""Gaps in a text: {{tanh|hyperbolic tangent}} accepts either answer, and the answers never reach the page."""

import re
from collections.abc import Callable

_GAP = re.compile(r"\{\{((?:[^{}\n]|\{[^{}\n]*\})+?)\}\}")
_EMPTY = re.compile(r"\{\{[ \t|]*\}\}")
_STAND_IN = "Gap{}standin"  # one plain word, which Markdown and the highlighter leave whole
_STAND_INS = re.compile(r"Gap(\d+)standin")
_INSIDE_TAG = re.compile(r"<[^<>]*Gap\d+standin[^<>]*>")
BLANK = '<span class="gap">[…]</span>'


def gaps(text: str) -> list[list[str]]:
    """The accepted answers of each gap, the first of them being the one that is shown afterwards."""
    return [
        [answer.strip() for answer in match[1].split("|") if answer.strip()] or [match[1].strip()]
        for match in _GAP.finditer(text)
    ]


def gap_lines(text: str) -> list[int]:
    """The line of each gap, counted from 1 within the text."""
    return [text.count("\n", 0, match.start()) + 1 for match in _GAP.finditer(text)]


def empty_gap_lines(text: str) -> list[int]:
    """The line of each gap without an answer, such as {{}} or {{|}}, counted from 1 within the text."""
    return [text.count("\n", 0, match.start()) + 1 for match in _EMPTY.finditer(text)]


def with_stand_ins(text: str) -> str:
    """The text with a plain word in place of each gap: what is rendered, so that no answer can leak."""
    counter = iter(range(len(text)))
    return _GAP.sub(lambda _: _STAND_IN.format(next(counter)), text)


def pieces(html: str, count: int) -> list[str] | None:
    """The HTML around the gaps, `count` + 1 pieces; None if a gap was lost, doubled, or stands within a tag."""
    if _STAND_INS.findall(html) != [str(number) for number in range(count)] or _INSIDE_TAG.search(html):
        return None
    return _STAND_INS.split(html)[::2]


def filled(html: str, fill: Callable[[int], str]) -> str:
    """The HTML with `fill(number)` in place of each gap, numbers counted from 0."""
    return _STAND_INS.sub(lambda match: fill(int(match[1])), html)
