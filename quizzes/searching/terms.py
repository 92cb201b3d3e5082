"""What a search consists of, and what each field takes."""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

LONGEST = 500  # characters of a search
DEEPEST = 20  # brackets and negations within each other
MOST_TERMS = 60

STATES = {
    "new": "never rated",
    "learning": "in its first steps of minutes",
    "relearning": "forgotten, and in steps of minutes again",
    "review": "learned: it comes back in days",
    "due": "waiting today",
    "suspended": "comes no more until you wake it",
    "held": "buried, moved off a break, or spread over days",
    "flagged": "with any flag",
    "leech": "forgotten eight times or more",
    "own": "written or imported by you",
    "noted": "with a note of yours",
}
FLAGS = {"none": 0, "red": 1, "orange": 2, "green": 3, "blue": 4}
LEVELS = ("basic", "intermediate", "advanced")
KINDS = ("basic", "cloze")
RATINGS = {"again": 1, "hard": 2, "good": 3, "easy": 4}
NUMBERS = {
    "lapses": "how often you forgot it after it was learned",
    "reps": "how often you rated it",
    "stability": "days until predicted recall falls to 90 %",
    "difficulty": "from 1 to 10",
    "due": "in how many days the queue shows it; below 0 it has waited",
}
FIELDS = {
    "topic": "part of a topic’s address, its code, or one of its concepts",
    "concept": "a concept, such as lstm",
    "level": ", ".join(LEVELS),
    "kind": " or ".join(KINDS),
    "is": "a state, see below",
    "flag": ", ".join(FLAGS),
    "rated": "days: rated within so many study days, today is 1; rated:7:again only those rated so",
    "question": "part of the address of the question it is cut from",
    "deck": "part of the address of its deck",
    "pile": "part of the name of a pile of your own cards",
    "mistake": "part of the name of the mistake that it mends",
    "front": "words on the front",
    "back": "words on the back",
    "note": "words of your note",
    "prop": "a number, as in prop:stability<10; the same as stability<10",
}
WHOLE = ("lapses", "reps", "due")  # the others may have decimals
OPERATORS = ("<=", ">=", "!=", "<", ">", "=")


class BadSearch(ValueError):  # noqa: N818 - it is the search that is bad
    """The message is a plain sentence; `position` counts characters from 0, `text` is the search."""

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.message, self.text, self.position = message, text, min(position, len(text))

    @property
    def column(self) -> int:
        """The position as people count, from 1."""
        return self.position + 1

    @property
    def before(self) -> str:
        return self.text[: self.position]

    @property
    def at(self) -> str:
        """The character that the message is about; a space where something is missing at the end."""
        return self.text[self.position : self.position + 1] or " "

    @property
    def rest(self) -> str:
        return self.text[self.position + 1 :]


@dataclass(frozen=True)
class Text:
    """Words anywhere on the card or in its note, as one phrase."""

    words: str

    def __str__(self) -> str:
        return quoted(self.words)


@dataclass(frozen=True)
class Field:
    """`name` is one of FIELDS or NUMBERS, `operator` ":" for the former; `value` is as it was written, checked."""

    name: str
    operator: str
    value: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        value = self.value if self.name == "rated" else quoted(self.value)
        return f"{self.name}{self.operator}{value}"


@dataclass(frozen=True)
class Not:
    part: "Search"

    def __str__(self) -> str:
        return f"-{_grouped(self.part)}"


@dataclass(frozen=True)
class And:
    """All of the parts; without any, everything."""

    parts: tuple["Search", ...]

    def __str__(self) -> str:
        return " ".join(map(_grouped, self.parts))


@dataclass(frozen=True)
class Or:
    parts: tuple["Search", ...]

    def __str__(self) -> str:
        return " or ".join(map(_grouped, self.parts))


Search: TypeAlias = Text | Field | Not | And | Or

_PLAIN = re.compile(r'[^\s()"\\:<>=!-][^\s()"\\:<>=!]*')
WORDS = ("and", "or", "not")


def quoted(words: str) -> str:
    """As it must be written to be read as one word: plain where that is enough."""
    if _PLAIN.fullmatch(words) and words.lower() not in WORDS:
        return words
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _grouped(part: Search) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)
