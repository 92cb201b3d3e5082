"""What the content files say, as frozen values. `place` and `at` say where it stood; they take no part in equality."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """A file, and the line of each named part of it: "" is the file's first line."""

    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, name: str) -> int:
        return self.lines.get(name, self.lines.get("", 0))


NOWHERE = Place()


@dataclass(frozen=True)
class ConceptData:
    slug: str
    title: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class TopicData:
    slug: str
    code: str
    title: str
    summary: str
    prerequisites: tuple[str, ...] = ()
    concepts: tuple[ConceptData, ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class MisconceptionData:
    slug: str
    topic: str
    belief: str
    correction: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class GuideData:
    id: str
    slug: str
    title: str
    topic: str
    summary: str
    body: str
    minutes: int = 15
    order: int = 0
    status: str = "published"
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class ChoiceData:
    key: str
    text: str
    correct: bool
    why: str
    misconception: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class RubricData:
    key: str
    text: str
    weight: int
    line: str
    dimension: str = "concept"
    misconception: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class RedFlag:
    text: str
    misconception: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class FollowUp:
    text: str
    answer: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class CardData:
    key: str
    front: str
    back: str
    kind: str = "basic"
    misconception: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class DeckData:
    id: str
    slug: str
    title: str
    topic: str
    level: str
    cards: tuple[CardData, ...]
    concepts: tuple[str, ...] = ()
    order: int = 0
    status: str = "published"
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class QuestionData:
    """`spec` is the table of its type as the file gives it: numeric, output or bug; empty for every other type."""

    id: str
    slug: str
    title: str
    topic: str
    concepts: tuple[str, ...]
    kind: str
    level: str
    prompt: str
    answer_short: str
    facet: str = "concept"
    performance: str = "say"
    minutes: int = 3
    order: int = 0
    status: str = "published"
    conventions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    spec: Mapping[str, Any] = field(default_factory=dict)
    answer_medium: str = ""
    answer_long: str = ""
    signal: str = ""
    choices: tuple[ChoiceData, ...] = ()
    rubric: tuple[RubricData, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    cards: tuple[CardData, ...] = ()
    check_source: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class ReceiptData:
    """Python beside a text that proves it. `given` holds numbers that are data, not results."""

    file: str
    text: str
    source: str
    given: str = ""


@dataclass(frozen=True)
class Content:
    """Everything that the files say."""

    topics: tuple[TopicData, ...] = ()
    misconceptions: tuple[MisconceptionData, ...] = ()
    guides: tuple[GuideData, ...] = ()
    questions: tuple[QuestionData, ...] = ()
    decks: tuple[DeckData, ...] = ()
    receipts: tuple[ReceiptData, ...] = field(default=(), compare=False)  # of guides, decks and misconceptions
    topics_file: str = ""

    @property
    def with_cards(self) -> tuple["QuestionData | DeckData", ...]:
        return (*self.questions, *self.decks)

    @property
    def with_ids(self) -> tuple["QuestionData | DeckData | GuideData", ...]:
        return (*self.questions, *self.decks, *self.guides)
