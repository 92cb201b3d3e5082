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
from quizzes.models.card import MEMORY_FIELDS
from quizzes.models.question import Performance
from quizzes.scheduling import Settings, StudyClock, retrievability

GOOD = 0.8  # mean score from which a topic is called good, and
SHAKY = 0.6  # from which it is no longer weak: the line of an adequate interview answer


@dataclass(frozen=True)
class Tally:
    """`answered` of `questions`; `mean_score` from 0 to 1 over the latest answer to each question, None without one."""

    questions: int = 0
    answered: int = 0
    mean_score: float | None = None

    @property
    def standing(self) -> str:
        """One of the design's words: new, weak, shaky, good."""
        if self.mean_score is None:
            return "new"
        if self.mean_score >= GOOD:
            return "good"
        return "shaky" if self.mean_score >= SHAKY else "weak"

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
    """Every topic's progress at `at`, by slug, in the order of the curriculum. Six queries."""
    slugs = list(Topic.objects.in_order().values_list("slug", flat=True))
    asked: dict[str, dict[str, int]] = {slug: {} for slug in slugs}
    counted = Question.objects.published().order_by().values_list("topic__slug", "performance")
    for slug, performance, n in counted.annotate(n=Count("pk")):
        asked[slug][performance] = n
    scores: dict[tuple[str, str], list[float | None]] = {}
    for slug, performance, score in _latest_scores(user):
        scores.setdefault((slug, performance), []).append(score)
    cards = _cards(user, at, clock)
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
    totals = _count(Flashcard.objects.published(), "topic__slug")
    started = _count(mine.active().filter(reps__gt=0), "flashcard__topic__slug")
    due = _count(mine.due(at, clock.day(at)), "flashcard__topic__slug")
    return {slug: CardTally(n, started.get(slug, 0), due.get(slug, 0)) for slug, n in totals.items()}


def _count(rows: models.QuerySet[Any], topic: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(topic).annotate(Count("pk")))


def recall_by_topic(user: models.Model, at: dt.datetime, clock: StudyClock) -> dict[str, float]:
    """The mean predicted recall (0 to 1) on the study day of `at` over the cards met so far, by topic slug. One query.

    Topics without such cards are left out. It is a statement about the cards that were met, not about the topic.
    """
    recalls: dict[str, list[float]] = {}
    met = Card.objects.for_user(user).active().filter(reps__gt=0).select_related("flashcard__topic")
    for card in met.only(*MEMORY_FIELDS, "flashcard__topic__slug"):
        recalls.setdefault(card.flashcard.topic.slug, []).append(retrievability(card.memory, at, clock, Settings()))
    return {slug: sum(values) / len(values) for slug, values in recalls.items()}
