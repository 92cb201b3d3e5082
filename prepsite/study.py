"""The bridge: the one place where learning sees both quizzes and codelabs.

Today's steps, the map of topics, a topic's page, and what a graded lab means for the cards.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from codelabs.models import Lab, Submission
from codelabs.models.submission import Standing
from prepsite.accounts.models import User
from quizzes import reviewing
from quizzes.models import (
    Card,
    Concept,
    Flashcard,
    Guide,
    Misconception,
    Question,
    QuizSession,
    Review,
    SessionItem,
    Topic,
)
from quizzes.models.question import Performance
from quizzes.review_queue import queue
from quizzes.scheduling import StudyClock

MINUTES_PER_QUESTION = 2  # an estimate for plans; a question's own `minutes` is for answering it in full
PASSED = frozenset({Standing.PASSED, Standing.SHOWN})


def clock_of(user: User) -> StudyClock:
    """The learner's study days: their zone and the hour at which their day begins."""
    return StudyClock(user.zone, user.day_start_hour)


# Today -----------------------------------------------------------------------------------------------------------


class StepState(StrEnum):
    DONE = "done"
    NEXT = "next"
    LATER = "later"


@dataclass
class Step:
    """One line of today's plan. `minutes` is an estimate; `note` says what is special, such as a lab mistake."""

    kind: str
    label: str
    url: str
    action: str
    minutes: int
    note: str = ""
    state: StepState = StepState.LATER


@dataclass(frozen=True)
class Today:
    greeting: str
    steps: list[Step]
    done: list[str]
    minutes: int

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.state is StepState.NEXT), None)


def today(user: User, at: dt.datetime) -> Today:
    """What `user` should do on the study day that holds `at`, most useful first, and what is already done."""
    clock = clock_of(user)
    day_start = clock.start_of(clock.day(at))
    steps = [*_review_step(user, at, clock), *_quiz_step(user), *_lab_step(user)]
    if steps:
        steps[0].state = StepState.NEXT
    return Today(
        greeting=_greeting(at.astimezone(zoneinfo.ZoneInfo(user.zone)).hour),
        steps=steps,
        done=_done_since(user, day_start),
        minutes=sum(step.minutes for step in steps),
    )


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _review_step(user: User, at: dt.datetime, clock: StudyClock) -> list[Step]:
    waiting = queue(user, at, clock)
    due, new = waiting.counts.due, waiting.counts.new
    if not waiting.next:
        return []
    mistakes = Card.objects.for_user(user).brought_forward().count()
    parts = [_count(due, "card due", "cards due")] * bool(due) + [_count(new, "new card", "new cards")] * bool(new)
    return [
        Step(
            kind="review",
            label=", ".join(parts),
            url=reverse("quizzes:review"),
            action=f"{'Go on' if waiting.counts.done else 'Start'} with {_count(due + new, 'card', 'cards')}",
            minutes=waiting.minutes,
            note=f"{mistakes} from a mistake" if mistakes else "",
        )
    ]


def _quiz_step(user: User) -> list[Step]:
    session = QuizSession.objects.for_user(user).quizzes().unfinished().first()
    if session is None:
        if not Question.objects.published().exists():
            return []
        return [Step("quiz", "A quiz of five", reverse("quizzes:new"), "Start a quiz", 5 * MINUTES_PER_QUESTION)]
    size, answered = session.items.count(), session.items.filter(committed_at__isnull=False).count()
    return [
        Step(
            kind="quiz",
            label=f"Quiz to continue: {answered} of {size} answered",
            url=session.get_absolute_url(),
            action="Continue the quiz",
            minutes=MINUTES_PER_QUESTION * (size - answered),
        )
    ]


def _lab_step(user: User) -> list[Step]:
    """The lab last tried and not passed, else the first in the curriculum's order whose prerequisites are passed."""
    labs = list(Lab.objects.published())
    standings = Submission.objects.for_user(user).standings()
    passed = {lab.slug for lab in labs if standings.get(lab.pk) in PASSED}
    waiting = [lab for lab in labs if lab.slug not in passed]
    if not waiting:
        return []
    last = Submission.objects.for_user(user).exclude(lab__slug__in=passed).values_list("lab__slug", flat=True).first()
    lab = next(
        (lab for lab in waiting if lab.slug == last),
        next((lab for lab in waiting if passed.issuperset(lab.prerequisites)), waiting[0]),
    )
    tried = lab.slug == last
    return [
        Step(
            kind="lab",
            label=lab.title,
            url=lab.get_absolute_url(),
            action="Go on with the lab" if tried else "Open the lab",
            minutes=lab.minutes,
            note="not passed yet" if tried else lab.get_level_display(),
        )
    ]


def _passes(user: User) -> QuerySet[Submission]:
    return Submission.objects.for_user(user).filter(kind=Submission.Kind.SUBMIT, verdict="passed")


def _done_since(user: User, start: dt.datetime) -> list[str]:
    done = []
    if reviewed := Review.objects.for_user(user).standing().filter(at__gte=start).count():
        done.append(f"Reviewed {_count(reviewed, 'card', 'cards')}")
    if quizzes := QuizSession.objects.for_user(user).quizzes().filter(finished_at__gte=start).count():
        done.append(f"Finished {_count(quizzes, 'quiz', 'quizzes')}")
    passed = (
        _passes(user)
        .filter(finished_at__gte=start)
        .order_by("lab__number")
        .values_list("lab__title", flat=True)
        .distinct()
    )
    return done + [f"Passed the lab “{title}”" for title in passed]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


# Topics ----------------------------------------------------------------------------------------------------------


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
        cards_seen = _tally(Card.objects.for_user(user), "flashcard__topic__slug")
        labs_passed = _tally(_passes(user), "lab__topic", of="lab")
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
            topic, questions, answered, labs, {pk for pk, standing in standings.items() if standing in PASSED}
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


# Labs ------------------------------------------------------------------------------------------------------------


def lab_graded(submission: Submission) -> dict[str, Any]:
    """What a graded lab means for learning: a recognised mistake brings its card to the front of the queue.

    Called by codelabs.grading through settings.ON_LAB_VERDICT. Returns what the result page says about it: the
    misconception's belief and correction, the cards brought forward, and a question on it; empty without a diagnosis.
    """
    misconception = Misconception.objects.filter(slug=submission.misconception).first()
    if misconception is None:
        return {}
    cards = list(Flashcard.objects.published().filter(misconception=misconception.slug).select_related("question"))
    if cards and submission.user is not None and submission.finished_at is not None:
        reviewing.bring_forward(
            submission.user,
            misconception.slug,
            reason=f"from your lab “{submission.lab.title}”",
            at=submission.finished_at,
        )
    question = next((card.question for card in cards if card.question), None)
    return {
        "belief": misconception.belief,
        "correction_html": misconception.correction_html,
        "cards": len(cards) if submission.user is not None else 0,
        "question": {"title": question.title, "url": question.get_absolute_url()} if question else None,
    }


# Visitors --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """What a visitor can try, if it is published, and how much there is."""

    question: Question | None
    lab: Lab | None
    questions: int
    cards: int
    labs: int


def offer(trial_question: str, trial_lab: str) -> Offer:
    """What the site shows to someone without an account; the arguments are slugs."""
    return Offer(
        question=Question.objects.published().filter(slug=trial_question).first(),
        lab=Lab.objects.published().filter(slug=trial_lab).first(),
        questions=Question.objects.published().count(),
        cards=Flashcard.objects.published().count(),
        labs=Lab.objects.published().count(),
    )
