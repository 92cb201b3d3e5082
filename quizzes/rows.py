"""Between rows and content values: what a row says as a file would say it, and a row filled from a file.

Nothing is decided here; loading, editing and exchange decide.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from prepsite.lib.problems import Taken
from prepsite.lib.versioned import Status
from quizzes.content import prose
from quizzes.content.cards import card_id, card_slug, write_deck
from quizzes.content.data import (
    CardData,
    ChoiceData,
    ConceptData,
    DeckData,
    FollowUp,
    GuideData,
    MisconceptionData,
    QuestionData,
    RedFlag,
    RubricData,
    TopicData,
)
from quizzes.content.guides import write_guide
from quizzes.content.html import card_html, question_html, question_spec
from quizzes.content.question import TABLES
from quizzes.content.question import write as write_question
from quizzes.models import (
    Choice,
    Concept,
    Deck,
    Flashcard,
    Guide,
    Misconception,
    Question,
    RubricPoint,
    Topic,
)

QUESTION_TEXTS = ("title", "prompt", "answer_short", "answer_medium", "answer_long", "signal", "check_source")
QUESTION_FACTS = ("slug", "kind", "level", "facet", "performance", "minutes", "order", "status")
GUIDE_FIELDS = ("slug", "title", "summary", "minutes", "order", "status", "body")
DECK_FIELDS = ("slug", "title", "level", "order", "status")
CARD_STEP = 10  # a card's place is ten times that of its question or deck, plus its own


def source(data: QuestionData | GuideData | DeckData) -> str:
    """The canonical text of the file."""
    if isinstance(data, QuestionData):
        return write_question(data)
    return write_guide(data) if isinstance(data, GuideData) else write_deck(data)


def digest(data: QuestionData | GuideData | DeckData) -> str:
    """SHA-256 of the file's name and text, its receipt, and how they are rendered: a new renderer makes content new."""
    parts: list[Any] = [data.slug, source(data)]
    if isinstance(data, QuestionData):
        parts += [data.check_source, question_html(data)]
        parts += [(prose.inline(choice.text).html, prose.inline(choice.why).html) for choice in data.choices]
        parts += [prose.inline(point.text).html for point in data.rubric]
    if isinstance(data, GuideData):
        parts.append(prose.block(data.body).html)
    else:
        parts += [card_html(card) for card in data.cards]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


# From rows


def question_data(row: Question) -> QuestionData:
    """The question as its file would say it. Prefetch `with_parts()` and `flashcards` when there are many."""
    facts = {name: getattr(row, name) for name in (*QUESTION_TEXTS, *QUESTION_FACTS)}
    table = TABLES.get(row.kind, ())
    return QuestionData(
        id=str(row.uuid),
        topic=row.topic.slug,
        concepts=tuple(sorted(concept.slug for concept in row.concepts.all())),
        conventions=tuple(row.conventions),
        references=tuple(row.references),
        labs=tuple(row.labs),
        spec={field.name: row.spec[field.name] for field in table if field.name in row.spec},
        choices=tuple(
            ChoiceData(one.key, one.text, one.correct, one.why, one.misconception) for one in row.choices.all()
        ),
        rubric=tuple(
            RubricData(one.key, one.text, one.weight, one.line, one.dimension, one.misconception)
            for one in row.rubric.all()
        ),
        red_flags=tuple(RedFlag(flag["text"], flag.get("misconception", "")) for flag in row.red_flags),
        follow_ups=tuple(FollowUp(one["text"], one["answer"]) for one in row.follow_ups),
        cards=_cards(row.flashcards.all()),
        **facts,
    )


def _cards(rows: Iterable[Flashcard]) -> tuple[CardData, ...]:
    kept = [row for row in rows if row.status != Status.RETIRED]
    return tuple(
        CardData(row.key, row.front, row.back, row.kind, row.misconception)
        for row in sorted(kept, key=lambda row: (row.order, row.slug))
    )


def guide_data(row: Guide) -> GuideData:
    return GuideData(id=str(row.uuid), topic=row.topic.slug, **{name: getattr(row, name) for name in GUIDE_FIELDS})


def deck_data(row: Deck) -> DeckData:
    return DeckData(
        id=str(row.uuid),
        topic=row.topic.slug,
        concepts=tuple(sorted(concept.slug for concept in row.concepts.all())),
        cards=_cards(row.flashcards.all()),
        **{name: getattr(row, name) for name in DECK_FIELDS},
    )


def topic_data(row: Topic) -> TopicData:
    return TopicData(
        row.slug,
        row.code,
        row.title,
        row.summary,
        tuple(topic.slug for topic in row.prerequisites.all()),
        tuple(ConceptData(one.slug, one.title) for one in row.concepts.all() if not one.retired),
    )


def misconception_data(row: Misconception) -> MisconceptionData:
    return MisconceptionData(row.slug, row.topic.slug, row.belief, row.correction)


# To rows


def free_slugs(model: type[Question | Guide | Deck | Flashcard], wanted: Mapping[uuid.UUID, str]) -> None:
    """Make way for slugs, so that rows can swap them and new rows can take those of retired ones.

    Raises Taken if a row in the way is neither about to get another slug nor retired.
    """
    rows: Iterable[Any] = model._default_manager.filter(slug__in=list(wanted.values()))
    for row in rows:
        if wanted.get(row.uuid) == row.slug:
            continue
        if row.uuid in wanted:
            row.slug = f"moving-{row.uuid}"
        elif row.status == Status.RETIRED:
            row.slug = f"{row.slug[:70]}-{row.uuid.hex[:8]}"
        else:
            raise Taken(f"The slug “{row.slug}” belongs to another {model._meta.verbose_name} that was edited here.")
        row.save(update_fields=["slug"])


def fill_question(row: Question, data: QuestionData, topic: Topic) -> None:
    """Everything that stands in the question's own row; not saved."""
    for name in (*QUESTION_TEXTS, *QUESTION_FACTS):
        setattr(row, name, getattr(data, name))
    row.uuid = uuid.UUID(data.id)
    row.topic = topic
    row.conventions, row.references, row.labs = list(data.conventions), list(data.references), list(data.labs)
    row.red_flags = [{"text": flag.text, "misconception": flag.misconception} for flag in data.red_flags]
    row.follow_ups = [{"text": one.text, "answer": one.answer} for one in data.follow_ups]
    row.spec = question_spec(data)
    row.html = question_html(data)
    row.edited_here = False
    row.file_digest = digest(data)


def fill_guide(row: Guide, data: GuideData, topic: Topic) -> None:
    for name in GUIDE_FIELDS:
        setattr(row, name, getattr(data, name))
    row.uuid = uuid.UUID(data.id)
    row.topic = topic
    row.body_html = prose.block(data.body).html
    row.edited_here = False
    row.file_digest = digest(data)


def fill_deck(row: Deck, data: DeckData, topic: Topic) -> None:
    for name in DECK_FIELDS:
        setattr(row, name, getattr(data, name))
    row.uuid = uuid.UUID(data.id)
    row.topic = topic
    row.edited_here = False
    row.file_digest = digest(data)


def choice_rows(question: Question, data: QuestionData) -> list[Choice]:
    return [
        Choice(
            question=question,
            order=order,
            **{name: getattr(one, name) for name in ("key", "text", "correct", "why", "misconception")},
            text_html=prose.inline(one.text).html,
            why_html=prose.inline(one.why).html,
        )
        for order, one in enumerate(data.choices)
    ]


def rubric_rows(question: Question, data: QuestionData) -> list[RubricPoint]:
    return [
        RubricPoint(
            question=question,
            order=order,
            **{name: getattr(one, name) for name in ("key", "text", "weight", "line", "dimension", "misconception")},
            text_html=prose.inline(one.text).html,
        )
        for order, one in enumerate(data.rubric)
    ]


def put_parts(question: Question, data: QuestionData, concepts: Mapping[str, Concept]) -> None:
    """Choices, rubric, cards and concepts of a saved question, made to agree with the file."""
    for model, rows in ((Choice, choice_rows(question, data)), (RubricPoint, rubric_rows(question, data))):
        existing = {row.key: row.pk for row in model.objects.filter(question=question)}
        for row in rows:
            row.pk = existing.pop(row.key, None)
            row.save()
        model.objects.filter(pk__in=existing.values()).delete()
    question.concepts.set([concepts[slug] for slug in data.concepts])
    put_cards(question, data, concepts)


def card_rows(parent: Question | Deck, data: QuestionData | DeckData) -> list[Flashcard]:
    """The cards of a question or deck as unsaved rows, each with the identity that follows from its key."""
    found = []
    for number, card in enumerate(data.cards):
        row = Flashcard(
            uuid=card_id(data.id, card.key),
            slug=card_slug(data.slug, card.key),
            topic=parent.topic,
            level=data.level,
            status=data.status,
            question=parent if isinstance(parent, Question) else None,
            deck=parent if isinstance(parent, Deck) else None,
            order=data.order * CARD_STEP + number,
            **{name: getattr(card, name) for name in ("front", "back", "kind", "misconception")},
        )
        row.front_html, row.back_html = card_html(card)
        found.append(row)
    return found


def put_cards(parent: Question | Deck, data: QuestionData | DeckData, concepts: Mapping[str, Concept]) -> None:
    """The cards of a saved question or deck. A card that is no longer there is retired: learners have its history."""
    known = {row.uuid: row for row in parent.flashcards.all()}
    wanted = card_rows(parent, data)
    free_slugs(Flashcard, {row.uuid: row.slug for row in wanted})
    for row in wanted:
        if before := known.pop(row.uuid, None):
            changed = (row.front, row.back, row.kind) != (before.front, before.back, before.kind)
            row.pk, row.version = before.pk, before.version + changed
        row.save()
        row.concepts.set([concepts[slug] for slug in data.concepts])
    Flashcard.objects.filter(uuid__in=known).update(status=Status.RETIRED)
