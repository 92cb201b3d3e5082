"""How much of each topic a learner is likely to recall today, in the four performances."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from codelabs.models import Lab
from prepsite.accounts.models import User
from quizzes.mastery import recall_of_all
from quizzes.models import Question, Topic
from quizzes.models.question import Performance


@dataclass(frozen=True)
class TopicMastery:
    """`recall` by performance is the mean over all questions and labs of the topic, from 0 to 1, where what has not
    been met counts as not recalled; a performance that the topic does not ask for has no entry."""

    topic: Topic
    builds_on: list[str]
    recall: dict[Performance, float]


def mastery_of(user: User, today: dt.date) -> list[TopicMastery]:
    """Every topic in the curriculum's order, at a constant number of queries."""
    known = recall_of_all(user, today)
    found: dict[tuple[str, Performance], list[float]] = defaultdict(list)
    asked = Question.objects.published().order_by().values_list("topic__slug", "performance", "pk")
    for topic, performance, pk in asked:
        found[topic, Performance(performance)].append(known.questions.get(pk, 0.0))
    for topic, slug in Lab.objects.published().order_by().values_list("topic", "slug"):
        found[topic, Performance.CODE].append(known.labs.get(slug, 0.0))
    return [
        TopicMastery(
            topic,
            [one.slug for one in topic.prerequisites.all()],
            {one: sum(shares) / len(shares) for one in Performance if (shares := found.get((topic.slug, one)))},
        )
        for topic in Topic.objects.in_order().with_prerequisites()
    ]
