"""Question files as Django fixtures: `loaddata x.md` reads them, `dumpdata quizzes.question --format md` writes them.

Registered in SERIALIZATION_MODULES. The text is that of a content file, by the same reader and writer. Where a stream
holds several questions, each one's front matter begins with a key more, its `slug`, which is otherwise the file's name.
The receipt lies beside a file as ever; a question that comes without one keeps the one it has.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.core.serializers import base
from django.core.serializers.base import DeserializationError, DeserializedObject, SerializationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.utils.text import slugify

from prepsite.lib import frontmatter
from prepsite.lib.frontmatter import Document
from prepsite.lib.problems import Problem
from prepsite.lib.versioned import Status
from quizzes import rows
from quizzes.content import prose, standards
from quizzes.content.cards import card_id
from quizzes.content.data import QuestionData
from quizzes.content.fields import Problems
from quizzes.content.question import parse
from quizzes.content.references import misconceptions_of
from quizzes.loading import keep_revision
from quizzes.models import Choice, Concept, Flashcard, Misconception, Question, RubricPoint, Topic

_SLUG = re.compile(r'^slug = "([a-z0-9-]+)"$', re.MULTILINE)
_PARTS = (Choice, RubricPoint, Flashcard)


class Serializer(base.Serializer):
    """Writes questions with their choices, rubric and cards, which are parts of the text and not written again."""

    internal_use_only = False

    def serialize(self, queryset: Iterable[Model], *, stream: IO[str] | None = None, **options: Any) -> Any:
        self.stream = stream if stream is not None else io.StringIO()
        questions: list[Question] = []
        for row in queryset:
            if isinstance(row, Question):
                questions.append(row)
            elif not isinstance(row, _PARTS):
                raise SerializationError(
                    f"Markdown holds questions, and this is a {row._meta.verbose_name}. Ask for quizzes.question, or "
                    "write all content with dumpcontent."
                )
        texts = [rows.source(rows.question_data(question)) for question in questions]
        if len(texts) > 1:
            opening = f"{frontmatter.FENCE}\n"
            slugs = [frontmatter.write_value("slug", question.slug) for question in questions]
            texts = [text.replace(opening, f"{opening}{slug}\n", 1) for text, slug in zip(texts, slugs, strict=True)]
        self.stream.write("\n".join(texts))
        return self.getvalue()

    def getvalue(self) -> Any:
        return self.stream.getvalue() if isinstance(self.stream, io.StringIO) else None


class DeserializedQuestion(DeserializedObject):
    """Saves the question with its concepts, keeps the version's text, and lets go of parts that it no longer has."""

    def __init__(self, question: Question, data: QuestionData, concepts: list[Concept], last_source: str) -> None:
        super().__init__(question)
        self.question = question
        self.concepts = concepts
        self.data = data
        self.last_source = last_source

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        question = self.question
        rows.free_slugs(Question, {question.uuid: question.slug})
        question.version += self.last_source != rows.source(self.data)
        question.save(using=using)
        if save_m2m:
            question.concepts.set(self.concepts)
        question.choices.using(using).exclude(key__in=[one.key for one in self.data.choices]).delete()
        question.rubric.using(using).exclude(key__in=[one.key for one in self.data.rubric]).delete()
        kept = [card_id(self.data.id, card.key) for card in self.data.cards]
        question.flashcards.using(using).exclude(uuid__in=kept).update(status=Status.RETIRED)
        keep_revision(question, rows.source(self.data))


class DeserializedPart(DeserializedObject):
    """A choice or rubric point: it learns its question's primary key only when that has been saved."""

    def __init__(self, part: Choice | RubricPoint) -> None:
        super().__init__(part)
        self.part = part

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        part = self.part
        part.question = part.question  # takes over the primary key
        known = type(part)._default_manager.using(using).filter(question=part.question, key=part.key).first()
        part.pk = known.pk if known else None
        part.save(using=using)


class DeserializedCard(DeserializedObject):
    """A card of a question, with its concepts."""

    def __init__(self, card: Flashcard, concepts: list[Concept]) -> None:
        super().__init__(card)
        self.card = card
        self.concepts = concepts

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        card = self.card
        card.question = card.question  # takes over the primary key
        rows.free_slugs(Flashcard, {card.uuid: card.slug})
        if known := Flashcard.objects.using(using).filter(uuid=card.uuid).first():
            changed = (card.front, card.back, card.kind) != (known.front, known.back, known.kind)
            card.pk, card.version = known.pk, known.version + changed
        card.save(using=using)
        if save_m2m:
            card.concepts.set(self.concepts)


def Deserializer(  # noqa: N802 - Django asks for this name
    stream_or_string: Any, *, using: str = DEFAULT_DB_ALIAS, **options: Any
) -> Iterator[DeserializedObject]:
    """The rows of a text, to be saved in their order. Raises DeserializationError with every problem of the text."""
    name = str(getattr(stream_or_string, "name", ""))
    text = stream_or_string if isinstance(stream_or_string, str | bytes) else stream_or_string.read()
    path = Path(name) if name.endswith(".md") else None
    problems = Problems(path.name if path else "questions")
    questions = _questions(text, path, problems, using) if text.strip() else []
    for data in questions:
        _check_against_rows(data, problems, using)
    if problems.found:
        raise DeserializationError("\n".join(map(str, sorted(set(problems.found)))))
    for data in questions:
        yield from _objects(data, using)


def _questions(text: str | bytes, path: Path | None, problems: Problems, using: str) -> list[QuestionData]:
    try:
        content = (text if isinstance(text, str) else text.decode()).replace("\r\n", "\n").removeprefix("\ufeff")
        documents = frontmatter.documents(content)
    except (UnicodeDecodeError, frontmatter.BadToml) as error:
        problems.add(getattr(error, "line", 0), "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error))
        return []
    prose.check_characters(content, problems)
    receipt = path.with_suffix(".check.py") if path and len(documents) == 1 else None
    source = receipt.read_text(encoding="utf-8") if receipt and receipt.is_file() else ""
    found = []
    for document in documents:
        named = _SLUG.search(document.toml)
        if named:  # the line stays, so that problems keep their place
            document = replace(document, toml=_SLUG.sub("# slug", document.toml, count=1))
        slug = named[1] if named else _slug(document, path, using)
        question = parse(document, slug, problems, check_source=source)
        if question:
            standards.check_question(question, problems)
            found.append(question)
    return found


def _slug(document: Document, path: Path | None, using: str) -> str:
    """A content file is named by its slug; any other text may be about a question that is known by its id."""
    topic = re.search(r'^topic = "([a-z0-9-]+)"', document.toml, re.MULTILINE)
    identity = re.search(r'^id = "([0-9a-f-]{36})"', document.toml, re.MULTILINE)
    if path and topic and path.absolute().parent.name == topic[1]:
        return path.stem
    title = re.search(r'^title = "(.*)"$', document.toml, re.MULTILINE)
    known = Question.objects.using(using).filter(uuid=identity[1]).first() if identity else None
    return known.slug if known else path.stem if path else slugify(title[1])[:80].strip("-") if title else ""


def _check_against_rows(data: QuestionData, problems: Problems, using: str) -> None:
    """What the question refers to must be there: load topics, concepts and misconceptions first."""
    place = data.place
    if not Topic.objects.using(using).filter(slug=data.topic).exists():
        problems.found.append(Problem(problems.file, place.line("topic"), f"unknown topic “{data.topic}”"))
    known = set(Concept.objects.using(using).values_list("slug", flat=True))
    problems.found += [
        Problem(problems.file, place.line("concepts"), f"unknown concept “{slug}”")
        for slug in data.concepts
        if slug not in known
    ]
    mistakes = set(Misconception.objects.using(using).values_list("slug", flat=True))
    problems.found += [
        Problem(problems.file, line, f"unknown misconception “{slug}”")
        for slug, line in misconceptions_of(data)
        if slug not in mistakes
    ]


def _objects(data: QuestionData, using: str) -> Iterator[DeserializedObject]:
    known = Question.objects.using(using).filter(uuid=data.id).first()
    last = known.revisions.first() if known else None
    question = known or Question(version=0)
    if known and not data.check_source:
        data = replace(data, check_source=known.check_source)
    rows.fill_question(question, data, Topic.objects.using(using).get(slug=data.topic))
    concepts = list(Concept.objects.using(using).filter(slug__in=data.concepts))
    yield DeserializedQuestion(question, data, concepts, last.source if last else "")
    yield from map(DeserializedPart, rows.choice_rows(question, data))
    yield from map(DeserializedPart, rows.rubric_rows(question, data))
    for card in rows.card_rows(question, data):
        yield DeserializedCard(card, concepts)
