"""Progress by topic: what a learner has answered, how well, and what of it waits to be reviewed.

Every number comes from a row that the learner can look at; nothing is smoothed. Reads take the same number of queries
for one topic as for all.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count

from quizzes.models import Card, Flashcard, Question, SessionItem, Topic
from quizzes.models.question import Performance

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


def progress_by_topic(user: models.Model, at: dt.datetime) -> dict[str, TopicProgress]:
    """Every topic's progress at `at`, by slug, in the order of the curriculum. Five queries."""
    slugs = list(Topic.objects.in_order().values_list("slug", flat=True))
    asked: dict[str, dict[str, int]] = {slug: {} for slug in slugs}
    counted = Question.objects.published().order_by().values_list("topic__slug", "performance")
    for slug, performance, n in counted.annotate(n=Count("pk")):
        asked[slug][performance] = n
    scores: dict[tuple[str, str], list[float | None]] = {}
    for slug, performance, score in _latest_scores(user):
        scores.setdefault((slug, performance), []).append(score)
    cards = _cards(user, at)
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


def _cards(user: models.Model, at: dt.datetime) -> dict[str, CardTally]:
    totals = dict(
        Flashcard.objects.published()
        .order_by()
        .values_list("topic__slug")
        .annotate(n=Count("pk"))
        .values_list("topic__slug", "n")
    )
    mine = (
        Card.objects.for_user(user)
        .active()
        .order_by()
        .values_list("flashcard__topic__slug")
        .annotate(
            started=Count("pk", filter=models.Q(reps__gt=0)),
            due=Count("pk", filter=models.Q(due__lte=at)),
        )
    )
    counts = {slug: (started, due) for slug, started, due in mine}
    return {slug: CardTally(total, *counts.get(slug, (0, 0))) for slug, total in totals.items()}
