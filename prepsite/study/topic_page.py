"""One topic's page: its guides, questions, cards and labs, and each concept in four performances."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from codelabs.models import Lab
from codelabs.models.submission import Standing
from prepsite.accounts.models import User
from prepsite.study.shelf import LabShelf, lab_shelf
from prepsite.study.today import clock_of, next_lab
from prepsite.study.topics import TopicRow, topic_map
from quizzes.mastery import Recall, recall_of_topic
from quizzes.models import Concept, Guide, Question, SessionItem, Topic
from quizzes.models.question import Performance
from quizzes.statistics import STANDINGS, standing_of


@dataclass(frozen=True)
class Item:
    """A question or lab as something to do. `score` is that of the latest answer, `recall` the recall predicted today
    for the cards cut from it (of a lab, for its own card); both from 0 to 1, None until there is one."""

    title: str
    url: str
    done: bool
    score: float | None
    recall: float | None = None

    @property
    def standing(self) -> str:
        """By what will be remembered; by the answer as long as none of its cards has been met."""
        return standing_of(self.recall if self.recall is not None else self.score if self.done else None)

    @property
    def words(self) -> str:
        """The standing with the predicted recall: “shaky 61 %”. Without a memory there is no number to predict."""
        if self.recall is not None:
            return f"{self.standing} {round(100 * self.recall)} %"
        return "answered" if self.done else "new"


@dataclass
class ConceptCell:
    """What exercises a concept in one performance."""

    performance: str
    items: list[Item] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def summary(self) -> Item:
        """All items as one: the means of the recalls and of the scores there are."""
        scores = [item.score for item in self.items if item.done and item.score is not None]
        recalls = [item.recall for item in self.items if item.recall is not None]
        return Item(self.performance, "", self.done > 0, _mean(scores), _mean(recalls))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class ConceptRow:
    """One concept and what there is to say, derive, code and debug about it."""

    concept: Concept
    cells: list[ConceptCell]


@dataclass(frozen=True)
class TopicPage:
    row: TopicRow
    leads_to: list[Topic]
    guides: list[Guide]
    questions: list[tuple[Question, Item]]
    labs: list[tuple[Lab, Standing]]
    concepts: list[ConceptRow]

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How many performances of its concepts stand how, in one word each, the surest first."""
        counted = Counter(cell.summary.standing for row in self.concepts for cell in row.cells if cell.items)
        return [(standing, counted[standing]) for standing in STANDINGS if counted[standing]]

    @property
    def ways(self) -> int:
        """In how many performances its concepts are asked."""
        return sum(number for _, number in self.tally)


def focus(rows: list[TopicRow], user: User, at: dt.datetime, shelf: LabShelf) -> TopicPage | None:
    """The topic to show on Today, where the learner is: that of the next lab, else of the latest answer, else the first
    with a guide, else the first there is."""
    by_slug = {row.topic.slug: row for row in rows}
    lab = next_lab(user, shelf)
    answers = SessionItem.objects.for_user(user).committed().order_by("-committed_at", "-pk")
    chosen = by_slug.get(lab.topic) if lab else None
    chosen = chosen or by_slug.get(answers.values_list("question__topic__slug", flat=True).first() or "")
    chosen = chosen or next((row for row in rows if row.guides), next(iter(rows), None))
    return _page(chosen, user, at, shelf) if chosen else None


def topic_page(topic: Topic, user: User | None, at: dt.datetime) -> TopicPage:
    """Everything of one topic with the learner's state in each part."""
    shelf = lab_shelf(user)
    return _page(next(row for row in topic_map(user, at, shelf) if row.topic.pk == topic.pk), user, at, shelf)


def _page(row: TopicRow, user: User | None, at: dt.datetime, shelf: LabShelf) -> TopicPage:
    topic = row.topic
    published = Question.objects.published().filter(topic=topic).prefetch_related("concepts")
    questions = list(published.only("title", "slug", "kind", "level", "performance", "topic_id"))
    labs = shelf.on_topic(topic.slug)
    scores: dict[int, float | None] = {}
    if user is not None:
        answers = SessionItem.objects.for_user(user).committed().filter(question__topic=topic)
        # Later answers overwrite earlier ones: the latest counts.
        scores = dict(answers.order_by("committed_at", "pk").values_list("question_id", "score"))
    known = recall_of_topic(user, topic, clock_of(user).day(at)) if user is not None else Recall({}, {})
    asked = [
        (
            one,
            Item(
                one.title,
                one.get_absolute_url(),
                one.pk in scores,
                scores.get(one.pk),
                known.questions.get(one.pk),
            ),
        )
        for one in questions
    ]
    coded = [(lab, _lab_item(lab, shelf.standing(lab), known.labs.get(lab.slug))) for lab in labs]
    return TopicPage(
        row=row,
        leads_to=list(topic.leads_to.all()),
        guides=list(Guide.objects.published().filter(topic=topic)),
        questions=asked,
        labs=[(lab, shelf.standing(lab)) for lab in labs],
        concepts=_concept_rows(topic, asked, coded),
    )


def _lab_item(lab: Lab, standing: Standing, recall: float | None) -> Item:
    """A lab is passed or it is not: passed counts in full, tried not at all. What is left of a pass its card knows."""
    return Item(lab.title, lab.get_absolute_url(), standing is not Standing.NEW, float(standing.is_pass), recall)


def _concept_rows(
    topic: Topic, questions: list[tuple[Question, Item]], labs: list[tuple[Lab, Item]]
) -> list[ConceptRow]:
    rows = []
    for concept in topic.concepts.all():
        cells = {value: ConceptCell(label) for value, label in Performance.choices}
        for question, item in questions:
            if concept in question.concepts.all():
                cells[question.performance].items.append(item)
        for lab, item in labs:
            if concept.slug in lab.concepts:
                cells[Performance.CODE].items.append(item)
        if any(cell.items for cell in cells.values()):
            rows.append(ConceptRow(concept, list(cells.values())))
    return rows
