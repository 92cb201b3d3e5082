"""Whether the content answers for every row of the curriculum, and every core concept can be performed in four ways."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import Resolver404, resolve

from prepsite.coverage.mapping import ERRORS, ITEMS, Mapping, Row
from prepsite.lib.problems import Problem
from prepsite.publishing import Everything
from quizzes.content.cards import card_slug
from quizzes.content.data import CardData, ChoiceData, QuestionData, RedFlag, RubricData
from quizzes.content.question import PERFORMANCES

# What teaches or trains; a topic or a page alone is only a place.
TEACHES = ("questions", "guides", "labs", "decks", "cards")


@dataclass(frozen=True)
class Coverage:
    """`rows` and `errors` count those that hold; `concepts` those core concepts with all four performances."""

    rows: int
    errors: int
    concepts: int
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"coverage {self.rows} of {len(ITEMS)} rows, {self.errors} of {len(ERRORS)} errors"


class _Shelf:
    """What learners can open, by kind, with the misconceptions that each question and card is about."""

    def __init__(self, everything: Everything) -> None:
        content = everything.content
        self.questions = {one.slug: one for one in content.questions if one.status == "published"}
        self.labs = {one.slug: one for one in everything.labs if one.status == "published"}
        with_cards = [one for one in content.with_cards if one.status == "published"]
        self.cards = {
            card_slug(parent.slug, card.key): card.misconception for parent in with_cards for card in parent.cards
        }
        self.slugs = {
            "questions": set(self.questions),
            "guides": {one.slug for one in content.guides if one.status == "published"},
            "labs": set(self.labs),
            "decks": {one.slug for one in content.decks if one.status == "published"},
            "cards": set(self.cards),
            "topics": {one.slug for one in content.topics},
        }
        self.topic_of_concept = {concept.slug: topic.slug for topic in content.topics for concept in topic.concepts}

    def has(self, kind: str, name: str) -> bool:
        return _is_a_page(name) if kind == "pages" else name in self.slugs[kind]

    def mistakes_in(self, row: Row) -> set[str]:
        """The misconceptions that the questions and cards of a row name."""
        found = {self.cards.get(name, "") for name in row.points.get("cards", ())}
        for slug in row.points.get("questions", ()):
            if slug in self.questions:
                found |= mistakes_of(self.questions[slug])
        return found


def mistakes_of(question: QuestionData) -> set[str]:
    parts: tuple[ChoiceData | RubricData | RedFlag | CardData, ...] = (
        *question.choices,
        *question.rubric,
        *question.red_flags,
        *question.cards,
    )
    return {part.misconception for part in parts} - {""}


def _is_a_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def check(everything: Everything, mapping: Mapping) -> Coverage:
    shelf = _Shelf(everything)
    problems: list[Problem] = []
    held: set[str] = set()
    for row in mapping.rows:
        said = [Problem(mapping.file, row.line, f"{row.id}: {message}") for message in _wrong(row, shelf)]
        problems += said
        held |= set() if said else {row.id}
    rounded = 0
    for slug in mapping.core:
        missing = list(_missing_performances(slug, shelf))
        problems += [Problem(mapping.file, 0, f"concept {slug}: {message}") for message in missing]
        rounded += not missing
    return Coverage(len(held & set(ITEMS)), len(held & set(ERRORS)), rounded, tuple(problems))


def _wrong(row: Row, shelf: _Shelf) -> Iterator[str]:
    for kind, names in row.points.items():
        for name in names:
            if not shelf.has(kind, name):
                yield f"“{name}” is no published one of the {kind}"
    if not any(row.points.get(kind) for kind in TEACHES):
        yield "points at nothing that teaches"
    if row.is_error:
        yield from (f"has none of the {kind}" for kind in ("questions", "cards") if not row.points.get(kind))
    named = shelf.mistakes_in(row)
    for slug in row.misconceptions:
        if slug not in named:
            yield f"no question or card of the row is about the mistake “{slug}”"


def _missing_performances(concept: str, shelf: _Shelf) -> Iterator[str]:
    """The performances in which the concept's topic page would have an empty cell."""
    topic = shelf.topic_of_concept.get(concept)
    if topic is None:
        yield "the map of topics has no such concept"
        return
    exercising = [one for one in shelf.questions.values() if one.topic == topic and concept in one.concepts]
    performed = {one.performance for one in exercising}
    performed |= {"code" for lab in shelf.labs.values() if lab.topic == topic and concept in lab.concepts}
    yield from (f"nothing to {performance}" for performance in PERFORMANCES if performance not in performed)
