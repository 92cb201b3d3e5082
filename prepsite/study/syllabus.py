"""What a plan takes up before the date: of every topic a fair share of its concepts and labs, prerequisites first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from codelabs.models import Lab
from prepsite.lib.versioned import Status
from quizzes.models import Concept, Topic
from quizzes.models.question import Level
from quizzes.prepared_deck import nearest_first
from quizzes.readiness import Candidate, fair_share
from quizzes.readiness.plan import Need
from quizzes.roles import Role
from quizzes.teaching_order import ranks

READ_MINUTES = {Level.BASIC: 8, Level.INTERMEDIATE: 5, Level.ADVANCED: 3}  # about a concept, by where one starts
MINUTES_PER_QUESTION, CONCEPT_AT_MOST = 2, 15


@dataclass(frozen=True)
class Syllabus:
    """All concepts and labs of a role and level, by slug and in the order in which they build on each other; `met` and
    `passed` are slugs of those done before today."""

    role: Role
    level: Level
    concepts: Mapping[str, Concept]
    labs: Mapping[str, Lab]
    met: Collection[str]
    passed: Collection[str]

    def concepts_within(self, minutes: float) -> list[Need]:
        """Concepts still to be met for which there is time. Of each topic those that most is asked of; who starts at
        the basics takes them as they build on each other, since what is asked most stands on what comes first."""
        order = list(self.concepts.values())
        if self.level != Level.BASIC:
            order.sort(key=_asked, reverse=True)
        candidates = [
            Candidate(
                one.slug,
                one.topic.slug,
                self.role.weight(one.topic.slug),
                0 if one.slug in self.met else self._minutes(one),
            )
            for one in order
        ]
        taken = set(fair_share(candidates, minutes)).difference(self.met)
        return [Need(slug, self._minutes(one)) for slug, one in self.concepts.items() if slug in taken]

    def labs_within(self, minutes: float) -> list[Need]:
        """Labs still to be passed for which there is time, each with those that it builds on."""
        levels = nearest_first(self.level)
        candidates = [
            Candidate(
                lab.slug,
                lab.topic,
                self.role.weight(lab.topic),
                0 if lab.slug in self.passed else lab.minutes,
                tuple(lab.prerequisites),
            )
            for lab in sorted(self.labs.values(), key=lambda lab: levels.index(lab.level))
        ]
        taken = set(fair_share(candidates, minutes)).difference(self.passed)
        return [Need(slug, lab.minutes) for slug, lab in self.labs.items() if slug in taken]

    def _minutes(self, concept: Concept) -> int:
        """Reading about it and answering what is asked of it at the learner's level or above."""
        return min(CONCEPT_AT_MOST, READ_MINUTES[self.level] + MINUTES_PER_QUESTION * _asked(concept))


def _asked(concept: Concept) -> int:
    found: int = concept.n_questions  # type: ignore[attr-defined]
    return found


def concepts_of(role: Role, level: Level) -> dict[str, Concept]:
    """The concepts that something is taught about, in the order in which topics build on each other; each with
    `n_questions`. Who does not start at the basics is spared those that only basics are asked of."""
    levels = [str(one) for one in Level]
    asked = Q(questions__status=Status.PUBLISHED, questions__level__in=levels[levels.index(level) :])
    found = Concept.objects.current().filter(topic__retired=False).select_related("topic")
    found = found.annotate(n_questions=Count("questions", filter=asked, distinct=True))
    taught = Q(n_questions__gt=0)
    if level == Level.BASIC:
        found = found.annotate(
            n_cards=Count("flashcards", filter=Q(flashcards__status=Status.PUBLISHED), distinct=True)
        )
        taught |= Q(n_cards__gt=0)
    ordered = found.filter(taught).order_by("topic__order", "order")
    return {one.slug: one for one in ordered if role.weight(one.topic.slug)}


def in_order(labs: Sequence[Lab], topics: Mapping[str, Topic]) -> dict[str, Lab]:
    """By topic and number, each after the labs that it builds on."""
    last = len(topics)
    places = {slug: place for place, slug in enumerate(topics)}
    listed = sorted(labs, key=lambda lab: (places.get(lab.topic, last), lab.number))
    numbers = {lab.slug: number for number, lab in enumerate(listed)}
    needs = {
        number: {numbers[slug] for slug in lab.prerequisites if slug in numbers} for number, lab in enumerate(listed)
    }
    placed = ranks({number: number for number in numbers.values()}, needs)
    return {listed[number].slug: listed[number] for number in sorted(placed, key=placed.__getitem__)}
