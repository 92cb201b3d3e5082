"""The map of topics: what each holds, what it builds on, and how much of it the learner has met."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from prepsite.accounts.models import User
from prepsite.study.shelf import LabShelf
from prepsite.study.today import clock_of
from quizzes.models import Guide, Topic
from quizzes.statistics import TopicProgress, offered_by_topic, progress_by_topic


@dataclass(frozen=True)
class TopicRow:
    """A topic with what it offers now and how much of that the learner has met. All are counts."""

    topic: Topic
    prerequisites: list[Topic]
    progress: TopicProgress
    labs: int
    labs_passed: int
    guides: int
    builds_on_all: bool  # every topic before it is a prerequisite

    @property
    def questions(self) -> int:
        return self.progress.all.questions

    @property
    def answered(self) -> int:
        return self.progress.all.answered

    @property
    def cards(self) -> int:
        return self.progress.cards.total

    @property
    def cards_seen(self) -> int:
        return self.progress.cards.started

    @property
    def is_empty(self) -> bool:
        return not (self.size or self.guides)

    @property
    def met(self) -> int:
        return self.answered + self.cards_seen + self.labs_passed

    @property
    def size(self) -> int:
        return self.questions + self.cards + self.labs


def topic_map(user: User | None, at: dt.datetime, shelf: LabShelf) -> list[TopicRow]:
    """Every topic in the curriculum's order, at a constant number of queries. `shelf` is the learner's."""
    progress = progress_by_topic(user, at, clock_of(user)) if user is not None else offered_by_topic()
    guides = Counter(Guide.objects.published().values_list("topic__slug", flat=True))
    labs = Counter(lab.topic for lab in shelf.labs)
    passed = Counter(lab.topic for lab in shelf.labs if shelf.standing(lab).is_pass)
    rows = []
    for place, topic in enumerate(Topic.objects.in_order().with_prerequisites()):
        prerequisites = list(topic.prerequisites.all())
        rows.append(
            TopicRow(
                topic=topic,
                prerequisites=prerequisites,
                progress=progress[topic.slug],
                labs=labs[topic.slug],
                labs_passed=passed[topic.slug],
                guides=guides[topic.slug],
                builds_on_all=1 < place == len(prerequisites),
            )
        )
    return rows
