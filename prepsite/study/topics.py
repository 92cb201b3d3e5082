"""The map of topics: what each holds, what it builds on, and how much of it the learner has met."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Guide, Question, SessionItem, Topic


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
