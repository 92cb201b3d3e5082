"""A search cut into tokens: brackets, minus, words, quoted phrases, operators; each with its position."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizzes.searching.terms import BadSearch

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\() | (?P<close>\))
  | (?P<quoted>"(?:[^"\\]|\\.)*")
  | (?P<operator><=|>=|!=|<|>|=|:)
  | (?P<word>(?:[^\s()"\\:<>=!]|\\.|!(?!=))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """`kind` is open, close, minus, operator, word or quoted; `joined` says that no space stands before it."""

    kind: str
    text: str
    position: int
    joined: bool


def tokens(search: str) -> Iterator[Token]:
    """The tokens in order. Raises BadSearch for a quotation mark without its partner."""
    position, joined = 0, False
    while position < len(search):
        if search[position] == "-" and not joined:
            yield Token("minus", "-", position, joined)
            position += 1
            continue
        found = _TOKEN.match(search, position)
        if found is None:
            sign = search[position]
            if sign == '"':
                raise BadSearch("This quotation mark has no partner.", search, position)
            raise BadSearch(
                f"“{sign}” cannot stand here; put it in quotation marks to search for it.", search, position
            )
        kind = found.lastgroup or ""
        text = found.group()
        if kind == "quoted":
            text = _ESCAPED.sub(r"\1", text[1:-1])
        elif kind == "word":
            text = _ESCAPED.sub(r"\1", text)
        if kind != "space":
            yield Token(kind, text, position, joined)
        joined = kind not in ("space", "open")
        position = found.end()
