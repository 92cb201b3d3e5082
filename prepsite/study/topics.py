"""The map of topics, and one topic's page: guides, questions, cards and labs with the learner's state in each."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from codelabs.models import Lab, Submission
from codelabs.models.submission import Standing
from prepsite.accounts.models import User
from quizzes.models import Card, Concept, Flashcard, Guide, Question, SessionItem, Topic
from quizzes.models.question import Performance


@dataclass(frozen=True)
class TopicRow:
    """A topic with what it holds and how much of it the learner has met. All are counts."""

    topic: Topic
    prerequisites: list[Topic]
    questions: int = 0
    answered: int = 0
    cards: int = 0
    cards_seen: int = 0
    labs: int = 0
    labs_passed: int = 0
    guides: int = 0

    builds_on_all: bool = False  # every topic before it is a prerequisite

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.cards or self.labs or self.guides)

    @property
    def met(self) -> int:
        return self.answered + self.cards_seen + self.labs_passed

    @property
    def size(self) -> int:
        return self.questions + self.cards + self.labs


def topic_map(user: User | None) -> list[TopicRow]:
    """Every topic in the curriculum's order, at a constant number of queries."""
    questions = _tally(Question.objects.published(), "topic__slug")
    cards = _tally(Flashcard.objects.published(), "topic__slug")
    guides = _tally(Guide.objects.published(), "topic__slug")
    labs = _tally(Lab.objects.published(), "topic")
    answered = cards_seen = labs_passed = {}
    if user is not None:
        committed = SessionItem.objects.filter(session__user=user, committed_at__isnull=False)
        answered = _tally(committed, "question__topic__slug", of="question")
        cards_seen = _tally(Card.objects.for_user(user).filter(reps__gt=0), "flashcard__topic__slug")
        labs_passed = _tally(Submission.objects.for_user(user).passes(), "lab__topic", of="lab")
    topics = list(Topic.objects.in_order().with_prerequisites())
    return [
        TopicRow(
            topic=topic,
            prerequisites=list(topic.prerequisites.all()),
            builds_on_all=1 < place == len(topic.prerequisites.all()),
            questions=questions.get(topic.slug, 0),
            answered=answered.get(topic.slug, 0),
            cards=cards.get(topic.slug, 0),
            cards_seen=cards_seen.get(topic.slug, 0),
            labs=labs.get(topic.slug, 0),
            labs_passed=labs_passed.get(topic.slug, 0),
            guides=guides.get(topic.slug, 0),
        )
        for place, topic in enumerate(topics)
    ]


def _tally(rows: QuerySet[Any], topic: str, of: str = "pk") -> dict[str, int]:
    """How many distinct `of` there are for each topic slug, in one query."""
    return dict(rows.order_by().values_list(topic).annotate(Count(of, distinct=True)))


@dataclass(frozen=True)
class ConceptRow:
    """One concept and what there is to say, derive, code and debug about it."""

    concept: Concept
    cells: list["ConceptCell"]


@dataclass
class ConceptCell:
    """`items` are (title, url, done) of the questions and labs that exercise a concept in one performance."""

    performance: str
    items: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(done for _, _, done in self.items)


@dataclass(frozen=True)
class TopicPage:
    row: TopicRow
    leads_to: list[Topic]
    guides: list[Guide]
    questions: list[tuple[Question, bool]]
    labs: list[tuple[Lab, Standing]]
    concepts: list[ConceptRow]


def focus(rows: list[TopicRow], user: User) -> TopicPage | None:
    """The topic to show on Today: begun and not finished, the fullest first; else the first with content."""
    begun = [row for row in rows if 0 < row.met < row.size]
    chosen = max(begun, key=lambda row: row.met / row.size, default=rows[0] if rows else None)
    return _page(chosen, user) if chosen else None


def topic_page(topic: Topic, user: User | None) -> TopicPage:
    """Everything of one topic with the learner's state in each part."""
    return _page(next(row for row in topic_map(user) if row.topic.pk == topic.pk), user)


def _page(row: TopicRow, user: User | None) -> TopicPage:
    topic = row.topic
    questions = list(Question.objects.published().filter(topic=topic).prefetch_related("concepts"))
    labs = list(Lab.objects.published().on_topic(topic.slug))
    answered: set[int] = set()
    standings: dict[int, Standing] = {}
    if user is not None:
        items = SessionItem.objects.filter(session__user=user, committed_at__isnull=False, question__topic=topic)
        answered = set(items.values_list("question_id", flat=True))
        standings = Submission.objects.for_user(user).standings()
    return TopicPage(
        row=row,
        leads_to=list(topic.leads_to.all()),
        guides=list(Guide.objects.published().filter(topic=topic)),
        questions=[(question, question.pk in answered) for question in questions],
        labs=[(lab, standings.get(lab.pk, Standing.NEW)) for lab in labs],
        concepts=_concept_rows(
            topic, questions, answered, labs, {pk for pk, standing in standings.items() if standing.is_pass}
        ),
    )


def _concept_rows(
    topic: Topic, questions: list[Question], answered: set[int], labs: list[Lab], passed: set[int]
) -> list[ConceptRow]:
    rows = []
    for concept in topic.concepts.all():
        cells = {value: ConceptCell(label) for value, label in Performance.choices}
        for question in questions:
            if concept in question.concepts.all():
                item = (question.title, question.get_absolute_url(), question.pk in answered)
                cells[question.performance].items.append(item)
        for lab in labs:
            if concept.slug in lab.concepts:
                item = (lab.title, lab.get_absolute_url(), lab.pk in passed)
                cells[Performance.CODE].items.append(item)
        if any(cell.items for cell in cells.values()):
            rows.append(ConceptRow(concept, list(cells.values())))
    return rows
