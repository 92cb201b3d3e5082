"""Progress by topic: what a learner has answered, how well, and what of it waits to be reviewed.

Every number comes from a row that the learner can look at; nothing is smoothed. Reads take the same number of queries
for one topic as for all.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count

from quizzes.models import Card, Flashcard, Question, SessionItem, Topic
from quizzes.models.question import Performance
from quizzes.scheduling import StudyClock

GOOD = 0.8  # mean score from which a topic is called good, and
SHAKY = 0.6  # from which it is no longer weak: the line of an adequate interview answer
STANDINGS = ("good", "shaky", "weak", "new")


def standing_of(score: float | None) -> str:
    """A score from 0 to 1 in one of the design's words: new (None), weak, shaky, good."""
    if score is None:
        return "new"
    if score >= GOOD:
        return "good"
    return "shaky" if score >= SHAKY else "weak"


@dataclass(frozen=True)
class Tally:
    """`answered` of `questions`; `mean_score` from 0 to 1 over the latest answer to each question, None without one."""

    questions: int = 0
    answered: int = 0
    mean_score: float | None = None

    @property
    def standing(self) -> str:
        return standing_of(self.mean_score)

    @property
    def percent(self) -> int | None:
        return None if self.mean_score is None else round(100 * self.mean_score)


@dataclass(frozen=True)
class CardTally:
    """`started` of `total` flashcards have been rated; `due` of those wait now."""

    total: int = 0
    started: int = 0
    due: int = 0


@dataclass(frozen=True)
class TopicProgress:
    """`by_performance` has an entry for say, derive, code and debug, also where the topic has no such question."""

    slug: str
    all: Tally
    by_performance: dict[str, Tally] = field(default_factory=dict)
    cards: CardTally = CardTally()

    @property
    def standing(self) -> str:
        return self.all.standing

    @property
    def sentence(self) -> str:
        """The numbers in words, for people and for screen readers."""
        parts = [f"{self.all.answered} of {self.all.questions} questions answered"]
        if self.all.percent is not None:
            parts.append(f"mean score {self.all.percent} %")
        if self.cards.due:
            parts.append(f"{self.cards.due} {'card' if self.cards.due == 1 else 'cards'} due")
        return ", ".join(parts)


def progress_by_topic(user: models.Model, at: dt.datetime, clock: StudyClock) -> dict[str, TopicProgress]:
    """Every topic's progress at `at`, by slug, in the order of the curriculum. Six queries.

    Answers to questions and memories of cards that are no longer offered do not count.
    """
    return _progress(_latest_scores(user), _cards(user, at, clock))


def offered_by_topic() -> dict[str, TopicProgress]:
    """What every topic offers to somebody who has met none of it, by slug. Three queries."""
    return _progress([], {slug: CardTally(total) for slug, total in _card_totals().items()})


def _progress(latest: Iterable[tuple[str, str, float | None]], cards: dict[str, CardTally]) -> dict[str, TopicProgress]:
    slugs = list(Topic.objects.in_order().values_list("slug", flat=True))
    asked: dict[str, dict[str, int]] = {slug: {} for slug in slugs}
    counted = Question.objects.published().order_by().values_list("topic__slug", "performance")
    for slug, performance, n in counted.annotate(n=Count("pk")):
        asked[slug][performance] = n
    scores: dict[tuple[str, str], list[float | None]] = {}
    for slug, performance, score in latest:
        scores.setdefault((slug, performance), []).append(score)
    progress = {}
    for slug in slugs:
        kinds = {
            one.value: _tally(asked[slug].get(one.value, 0), scores.get((slug, one.value), [])) for one in Performance
        }
        everything = _tally(
            sum(asked[slug].values()), [score for one in Performance for score in scores.get((slug, one.value), [])]
        )
        progress[slug] = TopicProgress(slug, everything, kinds, cards.get(slug, CardTally()))
    return progress


def _latest_scores(user: models.Model) -> Iterable[tuple[str, str, float | None]]:
    """Topic, performance and score of the latest committed answer to each published question."""
    answers = (
        SessionItem.objects.for_user(user)
        .committed()
        .filter(question__in=Question.objects.published())
        .order_by("committed_at", "pk")
        .values_list("question_id", "question__topic__slug", "question__performance", "score")
    )
    return {pk: (slug, performance, score) for pk, slug, performance, score in answers}.values()


def _tally(questions: int, scores: list[float | None]) -> Tally:
    known = [score for score in scores if score is not None]
    return Tally(questions, len(scores), sum(known) / len(known) if known else None)


def _cards(user: models.Model, at: dt.datetime, clock: StudyClock) -> dict[str, CardTally]:
    mine = Card.objects.for_user(user)
    mine = mine.filter(flashcard__owner=None)
    started = _count(mine.active().filter(reps__gt=0), "flashcard__topic__slug")
    due = _count(mine.due(at, clock.day(at)), "flashcard__topic__slug")
    return {slug: CardTally(n, started.get(slug, 0), due.get(slug, 0)) for slug, n in _card_totals().items()}


def _card_totals() -> dict[str, int]:
    return _count(Flashcard.objects.published(), "topic__slug")


def _count(rows: models.QuerySet[Any], topic: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(topic).annotate(Count("pk")))
