"""What each key of lab.toml may hold."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codelabs.content.lab import HIGHEST_NUMBER, HINTS, LEVELS, RUNTIMES, STATUSES

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
DOTTED = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"


@dataclass(frozen=True)
class Rule:
    """`complaint(value)` is what is wrong with a value of this key, or None."""

    complaint: Callable[[Any], str | None]
    required: bool = True


def _text(longest: int, pattern: str = "", what: str = "") -> Callable[[Any], str | None]:
    def complaint(value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "must be a text"
        if len(value) > longest:
            return f"has {len(value)} characters; {longest} is the most"
        return f"{value!r} is not {what}" if pattern and not re.fullmatch(pattern, value) else None

    return complaint


def _number(low: int, high: int) -> Callable[[Any], str | None]:
    def complaint(value: Any) -> str | None:
        right = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if right else f"must be a whole number from {low} to {high}"

    return complaint


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}"


def _texts(each: Callable[[Any], str | None], exactly: int | None = None) -> Callable[[Any], str | None]:
    def complaint(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list"
        if exactly is not None and len(value) != exactly:
            return f"must be {exactly} texts; there are {len(value)}"
        return next((said for item in value if (said := each(item)) is not None), None)

    return complaint


def _uuid(value: Any) -> str | None:
    try:
        return None if isinstance(value, str) and str(uuid.UUID(value)) == value else "must be a UUID in lower case"
    except ValueError:
        return "must be a UUID"


def _tables(name: str) -> Callable[[Any], str | None]:
    def complaint(value: Any) -> str | None:
        right = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        return None if right else f"must be [[{name}]] tables"

    return complaint


# The keys of lab.toml in the order in which they are written.
RULES: dict[str, Rule] = {
    "id": Rule(_uuid),
    "number": Rule(_number(1, HIGHEST_NUMBER)),
    "title": Rule(_text(160)),
    "summary": Rule(_text(240)),
    "topic": Rule(_text(80, SLUG, "a slug")),
    "concepts": Rule(_texts(_text(80, SLUG, "a slug")), required=False),
    "level": Rule(_one_of(LEVELS)),
    "runtime": Rule(_one_of(RUNTIMES)),
    "entry": Rule(_text(80, r"[A-Za-z_]\w*", "a name of Python")),
    "minutes": Rule(_number(1, 480)),
    "status": Rule(_one_of(STATUSES), required=False),
    "prerequisites": Rule(_texts(_text(80, SLUG, "a slug")), required=False),
    "questions": Rule(_texts(_text(80, SLUG, "a slug")), required=False),
    "banned": Rule(_texts(_text(120, DOTTED, "a dotted name such as torch.nn.LSTM")), required=False),
    "hints": Rule(_texts(_text(2_000), exactly=HINTS)),
    "limits": Rule(lambda value: None if isinstance(value, dict) else "must be a table", required=False),
    "wrong": Rule(_tables("wrong"), required=False),
    "equivalent": Rule(_tables("equivalent"), required=False),
}
