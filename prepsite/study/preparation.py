"""Preparing for a date: the plan made from what is left today, and the readiness that it leads to."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from prepsite.study.shelf import LabShelf, lab_shelf
from prepsite.study.syllabus import Syllabus, concepts_of, in_order
from prepsite.study.today import clock_of
from quizzes import preparing
from quizzes.models import Break, Concept, Plan, QuizSession, Reading, Review, Topic
from quizzes.models.question import Level
from quizzes.planning import DayCards, plan_of, terms_of
from quizzes.prepared_deck import PreparedDeck, deck_of
from quizzes.readiness import CardTime, Deck, Forecast, TopicForecast, curve, forecast
from quizzes.readiness.plan import DAYS_AT_MOST, Day, DayKind, Need, Work, make_plan
from quizzes.readiness.plan import Plan as DayPlan
from quizzes.review_queue import seconds_per_card
from quizzes.roles import role_of


@dataclass(frozen=True)
class TopicReadiness:
    """One topic with what is forecast of it."""

    topic: Topic
    forecast: TopicForecast


@dataclass(frozen=True)
class Preparation:
    """`left` study days to the eve. `concepts` and `labs` by slug, for the names in the days of the plan; `met_today`
    are slugs of concepts that were read about today. `cards` are today's cards that are still to come; `begun` says
    that it is settled which they are."""

    terms: Plan
    left: int
    plan: DayPlan
    forecast: Forecast
    topics: list[TopicReadiness]
    concepts: Mapping[str, Concept]
    labs: Mapping[str, Lab]
    met_today: frozenset[str]
    cards: DayCards
    begun: bool

    @property
    def best_hour(self) -> TopicReadiness | None:
        """By what it adds to the whole, not to the topic alone: a small topic is not worth more for being small."""
        worth = [one for one in self.topics if one.forecast.hour_adds > 0]
        return max(worth, key=lambda one: one.forecast.hour_adds * one.forecast.cards, default=None)

    @property
    def best_hour_adds(self) -> float:
        """What the best hour adds to the share of all cards; 0.0 without one."""
        best = self.best_hour
        return best.forecast.hour_adds * best.forecast.cards / self.forecast.all.cards if best else 0.0


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
    role, level = role_of(terms.role), Level(terms.level)
    topics = {topic.slug: topic for topic in Topic.objects.in_order()}
    met, met_today = preparing.met_concepts(user, terms, start, today)
    syllabus = Syllabus(
        role=role,
        level=level,
        concepts=concepts_of(role, level),
        labs=in_order([lab for lab in shelf.labs if role.weight(lab.topic)], topics),
        met=met,
        passed=_passed_before(user, start),
    )
    plan = _day_by_day(user, terms, left, today, start, syllabus)
    prepared, found = _foreseen(user, terms, left, today, start, plan)
    ready = [TopicReadiness(topics[prepared.slugs[one.topic]], one) for one in found.topics]
    return Preparation(
        terms=terms,
        left=left,
        plan=plan,
        forecast=found,
        topics=sorted(ready, key=lambda one: one.topic.order),
        concepts=syllabus.concepts,
        labs=syllabus.labs,
        met_today=frozenset(met_today),
        cards=_cards(prepared, found.today),
        begun=preparing.has_begun(terms, today),
    )


def _foreseen(
    user: User, terms: Plan, left: int, today: dt.date, start: dt.datetime, plan: DayPlan
) -> tuple[PreparedDeck, Forecast]:
    """The deck as it is remembered now, and what comes of it if the plan is followed. Of today's time for cards, what
    was spent since `start` is gone, and of its cards, once they are chosen, those that were seen."""
    pace = seconds_per_card(Review.objects.for_user(user))
    effort = preparing.effort_of(terms, pace)
    spent = pace * Review.objects.for_user(user).standing().filter(at__gte=start).count()
    seconds = [max(0.0, 60.0 * day.card_minutes - spent * (not day.offset)) for day in plan.days]
    prepared = deck_of(user, today, terms.role, terms.level, seconds=sum(seconds), effort=effort)
    chosen = terms.chosen if preparing.has_begun(terms, today) else None
    found = forecast(
        prepared.deck,
        curve(terms_of(user, today).settings.weights),
        [
            CardTime(time, new=_may_meet(day, prepared.deck), last=day.offset == left - 1)
            for day, time in zip(plan.days, seconds, strict=True)
        ],
        effort,
        preparing.dice(user, today),
        ahead=left,
        today=_still_to_come(prepared, DayCards.from_json(chosen)) if chosen else None,
    )
    return prepared, found


def _day_by_day(user: User, terms: Plan, left: int, today: dt.date, start: dt.datetime, syllabus: Syllabus) -> DayPlan:
    """The days of the plan. Where not all concepts and labs fit, those of their fair share take the time instead."""
    clock = clock_of(user)
    interview_on, made_on = terms.interview_on or today, terms.made_on or today
    mocks = QuizSession.objects.for_user(user).mocks().taken().filter(finished_at__gte=clock.start_of(made_on))
    done = mocks.filter(finished_at__lt=start).count()
    others = _other_minutes(user, terms, today)

    def of(concepts: list[Need], labs: list[Need]) -> DayPlan:
        return make_plan(
            left=left,
            span=(interview_on - made_on).days,
            minutes=terms.minutes_per_day,
            concepts=concepts,
            labs=labs,
            mocks_done=done,
            other_minutes=others,
        )

    concepts, labs = syllabus.concepts_within(math.inf), syllabus.labs_within(math.inf)
    whole = of(concepts, labs)
    if not whole.left_out:
        return whole
    fewer = syllabus.concepts_within(whole.minutes_of(Work.CONCEPT)), syllabus.labs_within(whole.minutes_of(Work.LAB))
    plan = of(*fewer)
    dropped = len(concepts) + len(labs) - sum(map(len, fewer))
    return replace(plan, left_out=plan.left_out + dropped)


def _passed_before(user: User, start: dt.datetime) -> set[str]:
    passes = Submission.objects.for_user(user).passes().filter(finished_at__lt=start)
    return set(passes.values_list("lab__slug", flat=True))


def _cards(prepared: PreparedDeck, today: npt.NDArray[np.bool_]) -> DayCards:
    met = prepared.deck.met
    places = np.flatnonzero(today).tolist()
    return DayCards(
        again=tuple(prepared.keys[place] for place in places if met[place]),
        new=tuple(prepared.keys[place] for place in places if not met[place]),
    )


def _still_to_come(prepared: PreparedDeck, chosen: DayCards) -> npt.NDArray[np.bool_]:
    """Of the cards that were chosen for today, those not seen yet."""
    keys = {*chosen.again, *chosen.new}
    return np.array([key in keys for key in prepared.keys], bool) & ~prepared.deck.seen_today


def _may_meet(day: Day, deck: Deck) -> bool:
    """The last day is for cards seen before; who has seen none by then gets new ones all the same, not nothing."""
    return day.kind is not DayKind.TAPER or (day.offset == 0 and not deck.met.any())


def begin_day(user: User, at: dt.datetime) -> None:
    """Settle which cards this study day holds, once: those that the plan to an interview ahead chooses now. A day on
    which it has no time for cards, such as that of a mock interview, keeps the ordinary queue.

    Called through settings.BEFORE_REVIEWS when the review page is opened, and when the day is begun from Today."""
    terms, today = plan_of(user), clock_of(user).day(at)
    if preparing.days_left(terms, today) and not preparing.has_begun(terms, today):
        found = preparation(user, at, lab_shelf(user))
        if found is not None and len(found.cards):
            preparing.begin_day(terms, today, found.cards)


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


def _other_minutes(user: User, terms: Plan, today: dt.date) -> dict[int, int]:
    """Days off by planned breaks, and the other length of today; by days from today."""
    found: dict[int, int] = {}
    for one in Break.objects.for_user(user).not_over(today):
        first, last = max(0, (one.first_day - today).days), (one.last_day - today).days
        found |= dict.fromkeys(range(first, min(last, DAYS_AT_MOST) + 1), 0)
    if terms.today == today and terms.minutes_today is not None:
        found[0] = terms.minutes_today
    return found
