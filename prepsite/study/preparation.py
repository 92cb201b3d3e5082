"""Preparing for a date: the plan made from what is left today, and the readiness that it leads to."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from prepsite.lib.versioned import Status
from prepsite.study.shelf import LabShelf, lab_shelf
from prepsite.study.today import clock_of
from quizzes import preparing
from quizzes.models import Break, Concept, Plan, QuizSession, Reading, Review, Topic
from quizzes.models.question import Level
from quizzes.planning import plan_of, terms_of
from quizzes.readiness import CardTime, Deck, Forecast, TopicForecast, curve, forecast
from quizzes.readiness.plan import DAYS_AT_MOST, DayKind, Need, make_plan
from quizzes.readiness.plan import Plan as DayPlan
from quizzes.review_queue import seconds_per_card
from quizzes.roles import Role, role_of

READ_MINUTES, MINUTES_PER_QUESTION, CONCEPT_AT_MOST = 8, 3, 25


@dataclass(frozen=True)
class TopicReadiness:
    """One topic with what is forecast of it."""

    topic: Topic
    forecast: TopicForecast


@dataclass(frozen=True)
class Preparation:
    """`left` study days to the eve. `concepts` and `labs` by slug, for the names in the days of the plan;
    `met_today` are slugs of concepts of which a card was first rated today; `begun` whether today's cards have been let
    into the queue."""

    terms: Plan
    left: int
    plan: DayPlan
    forecast: Forecast
    topics: list[TopicReadiness]
    concepts: Mapping[str, Concept]
    labs: Mapping[str, Lab]
    met_today: frozenset[str]
    begun: bool

    @property
    def best_hour(self) -> TopicReadiness | None:
        """By what it adds to the whole, not to the topic alone: a small topic is not worth more for being small."""
        worth = [one for one in self.topics if one.forecast.hour_adds > 0]
        return max(worth, key=lambda one: one.forecast.hour_adds * one.forecast.cards, default=None)

    @property
    def cards_today(self) -> tuple[int, int]:
        """New cards and cards seen again that today's plan holds."""
        if not self.forecast.new:
            return 0, 0
        return round(self.forecast.new[0]), math.ceil(self.forecast.again[0])


def preparation(user: User, at: dt.datetime, shelf: LabShelf) -> Preparation | None:
    """The plan from today and its forecast; None without an interview ahead. The number of queries is constant.

    The plan is made from what was left when the study day began, so that it stays while the day's work is done; the
    forecast from what is remembered now.
    """
    terms = plan_of(user)
    clock = clock_of(user)
    today = clock.day(at)
    left = preparing.days_left(terms, today)
    if left is None or terms.interview_on is None:
        return None
    start = clock.start_of(today)
    role = role_of(terms.role)
    made_on = terms.made_on or today
    concepts = _concepts(role)
    met, met_today = preparing.met_concepts(user, terms, start, today)
    labs = [lab for lab in shelf.labs if role.weight(lab.topic)]
    passed = set(
        Submission.objects.for_user(user).passes().filter(finished_at__lt=start).values_list("lab_id", flat=True)
    )
    mocks = QuizSession.objects.for_user(user).mocks().taken().filter(finished_at__gte=clock.start_of(made_on))
    plan = make_plan(
        left=left,
        span=(terms.interview_on - made_on).days,
        minutes=terms.minutes_per_day,
        concepts=[Need(one.slug, _minutes(one)) for one in concepts if one.slug not in met],
        labs=[Need(lab.slug, lab.minutes) for lab in _by_level(labs, terms.level) if lab.pk not in passed],
        mocks_done=mocks.filter(finished_at__lt=start).count(),
        other_minutes=_other_minutes(user, terms, today),
    )
    deck, slugs = preparing.deck_of(user, today, terms.role)
    pace = seconds_per_card(Review.objects.for_user(user))
    spent = pace * Review.objects.for_user(user).standing().filter(at__gte=start).count()
    found = forecast(
        deck,
        curve(terms_of(user, today).settings.weights),
        [
            CardTime(max(0.0, 60.0 * day.card_minutes - spent * (not day.offset)), new=_may_meet(day.kind, deck))
            for day in plan.days
        ],
        preparing.effort_of(terms, pace),
        preparing.dice(user, today),
        ahead=left,
    )
    topics = {topic.slug: topic for topic in Topic.objects.in_order()}
    ready = [TopicReadiness(topics[slugs[one.topic]], one) for one in found.topics]
    return Preparation(
        terms=terms,
        left=left,
        plan=plan,
        forecast=found,
        topics=sorted(ready, key=lambda one: one.topic.order),
        concepts={concept.slug: concept for concept in concepts},
        labs={lab.slug: lab for lab in labs},
        met_today=frozenset(met_today),
        begun=terms.today == today and terms.new_today is not None,
    )


def _may_meet(kind: DayKind, deck: Deck) -> bool:
    """The last day is for cards seen before; who has seen none yet gets new ones all the same, rather than nothing."""
    return kind is not DayKind.TAPER or not deck.met.any()


def keep_reading(user: User, at: dt.datetime) -> None:
    """Keep today's forecast, for the picture of readiness over time; without an interview ahead there is none.

    Called through settings.ON_FIRST_REVIEW when the first card of a study day has been rated."""
    today = clock_of(user).day(at)
    if Reading.objects.for_user(user).filter(study_day=today).exists():
        return
    found = preparation(user, at, lab_shelf(user))
    if found is not None:
        slugs = {one.forecast.topic: one.topic.slug for one in found.topics}
        preparing.keep_reading(found.terms, today, found.forecast, slugs)


def _by_level(labs: list[Lab], level: str) -> list[Lab]:
    """Who does not start at the basics meets basic labs last, except where others build on them."""
    if level == Level.BASIC:
        return labs
    needed = {slug for lab in labs for slug in lab.prerequisites}
    return sorted(labs, key=lambda lab: (lab.level == Level.BASIC and lab.slug not in needed, lab.number))


def _concepts(role: Role) -> list[Concept]:
    """The concepts that something is taught about, in the order in which topics build on each other; each with
    `n_questions`."""
    asked = Count("questions", filter=Q(questions__status=Status.PUBLISHED), distinct=True)
    remembered = Count("flashcards", filter=Q(flashcards__status=Status.PUBLISHED), distinct=True)
    found = Concept.objects.current().filter(topic__retired=False).select_related("topic")
    taught = found.annotate(n_questions=asked, n_cards=remembered).filter(Q(n_questions__gt=0) | Q(n_cards__gt=0))
    return [concept for concept in taught.order_by("topic__order", "order") if role.weight(concept.topic.slug)]


def _minutes(concept: Concept) -> int:
    """Reading about it and answering what is asked of it."""
    asked: int = concept.n_questions  # type: ignore[attr-defined]
    return min(CONCEPT_AT_MOST, READ_MINUTES + MINUTES_PER_QUESTION * asked)


def _other_minutes(user: User, terms: Plan, today: dt.date) -> dict[int, int]:
    """Days off by planned breaks, and the other length of today; by days from today."""
    found: dict[int, int] = {}
    for one in Break.objects.for_user(user).not_over(today):
        first, last = max(0, (one.first_day - today).days), (one.last_day - today).days
        found |= dict.fromkeys(range(first, min(last, DAYS_AT_MOST) + 1), 0)
    if terms.today == today and terms.minutes_today is not None:
        found[0] = terms.minutes_today
    return found
