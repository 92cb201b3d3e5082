"""What changes a plan changes that alone: two tabs, a fit and the day that begins all write to the same row."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from quizzes import preparing
from quizzes.models import Flashcard, Plan
from quizzes.planning import DayCards, plan_of
from quizzes.readiness.plan import DayKind
from quizzes.scheduling import ALGORITHM, Settings
from tests.prepsite.test_preparation import NOON, TODAY, aim, content, prepare

pytestmark = pytest.mark.django_db
LIMITS = {"new_per_day": 10, "reviews_per_day": "", "desired_retention": 0.9}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def cards_of(*places: int) -> DayCards:
    keys = list(Flashcard.objects.published().in_teaching_order().values_list("pk", flat=True))
    return DayCards(new=tuple(keys[place] for place in places))


def test_a_date_set_beside_the_limits_fixes_the_days_of_the_mocks(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    as_alice.post(reverse("quizzes:plan"), LIMITS | {"interview_on": "2026-03-24"})
    assert plan_of(alice).made_on == TODAY
    later = prepare(alice, NOON + dt.timedelta(days=3)).plan.days
    assert [day.offset + 3 for day in later if day.kind is DayKind.MOCK] == [7, 12]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-03-10", "has to lie ahead"),
        ("2025-01-01", "has to lie ahead"),
        ("9999-12-31", "more than two years away"),
    ],
)
def test_a_date_that_cannot_be_prepared_for_is_refused_beside_the_limits_too(
    day: str, said: str, as_alice: Client, alice: User, clock: Any
) -> None:
    response = as_alice.post(reverse("quizzes:plan"), LIMITS | {"interview_on": day})
    assert said in response.content.decode()
    assert not Plan.objects.exists()


def test_a_date_that_has_passed_does_not_stand_in_the_way_of_other_limits(
    as_alice: Client, alice: User, clock: Any
) -> None:
    aim(alice, -2)
    as_alice.post(reverse("quizzes:plan"), LIMITS | {"new_per_day": 4, "interview_on": "2026-03-08"})
    assert plan_of(alice).new_per_day == 4


def test_limits_leave_the_cards_of_the_day_and_another_date_chooses_them_anew(
    as_alice: Client, alice: User, clock: Any
) -> None:
    content()
    aim(alice)
    as_alice.post(reverse("plan-start"))
    chosen = plan_of(alice).chosen
    assert chosen is not None
    as_alice.post(reverse("quizzes:plan"), LIMITS | {"new_per_day": 4, "interview_on": "2026-03-24"})
    assert (plan_of(alice).new_per_day, plan_of(alice).chosen) == (4, chosen)
    as_alice.post(reverse("quizzes:plan"), LIMITS | {"interview_on": "2026-03-30"})
    assert plan_of(alice).chosen is None
    as_alice.post(reverse("quizzes:plan"), LIMITS | {"interview_on": ""})
    assert (plan_of(alice).interview_on, plan_of(alice).made_on) == (None, None)


def test_a_day_that_was_shortened_yesterday_is_as_long_as_ever_when_limits_are_set(
    as_alice: Client, alice: User, clock: Any
) -> None:
    content()
    aim(alice, minutes_per_day=60)
    as_alice.post(reverse("plan-shorter"), {"minutes": 15})
    clock.shift(dt.timedelta(days=1))
    as_alice.post(reverse("quizzes:plan_today"), {"new_today": 3, "reviews_today": ""})
    assert prepare(alice, NOON + dt.timedelta(days=1)).plan.days[0].minutes == 60


def test_limits_for_today_leave_the_length_of_the_same_day(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice, minutes_per_day=60)
    as_alice.post(reverse("plan-shorter"), {"minutes": 15})
    as_alice.post(reverse("quizzes:plan_today"), {"new_today": 3, "reviews_today": ""})
    assert (plan_of(alice).minutes_today, plan_of(alice).new_today) == (15, 3)


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"interview_on": TODAY + dt.timedelta(days=20)},
        {"interview_on": None},
        {"role": "research"},
        {"minutes_per_day": 30},
        {"today": TODAY, "minutes_today": 15},
        {"today": TODAY, "new_today": 3},
        {"today": TODAY, "chosen": {"again": [], "new": []}},
    ],
)
def test_cards_chosen_on_terms_that_changed_meanwhile_are_not_begun_with(
    meanwhile: dict[str, Any], alice: User
) -> None:
    content()
    read = aim(alice)
    aim(alice, **meanwhile)
    before = Plan.objects.values().get()
    preparing.begin_day(read, TODAY, cards_of(0, 1))
    assert Plan.objects.values().get() == before


@pytest.mark.parametrize("yesterday", [{}, {"chosen": {"again": [], "new": [1]}}, {"minutes_today": 15}])
def test_a_day_begins_whatever_the_day_before_held(yesterday: dict[str, Any], alice: User) -> None:
    content()
    read = aim(alice, today=TODAY - dt.timedelta(days=1), **yesterday)
    preparing.begin_day(read, TODAY, cards_of(0, 1))
    assert DayCards.from_json(plan_of(alice).chosen or {}) == cards_of(0, 1)
    assert (plan_of(alice).today, plan_of(alice).minutes_today) == (TODAY, None)


def test_a_plan_that_does_not_know_when_it_was_made_is_made_when_its_next_day_begins(alice: User) -> None:
    content()
    Plan.objects.create(user=alice, interview_on=TODAY + dt.timedelta(days=14))
    preparing.begin_day(plan_of(alice), TODAY, cards_of(0))
    assert plan_of(alice).made_on == TODAY
    preparing.begin_day(plan_of(alice), TODAY + dt.timedelta(days=1), cards_of(1))
    assert plan_of(alice).made_on == TODAY


def test_a_fit_that_ends_while_a_plan_is_changed_is_kept(alice: User) -> None:
    content()
    read = aim(alice)
    Plan.objects.update(parameters=list(Settings().weights), parameters_for=ALGORITHM)
    preparing.shorten(read, TODAY, 15)
    preparing.aim_at(read, TODAY)
    preparing.begin_day(plan_of(alice), TODAY, cards_of(0))
    assert plan_of(alice).weights is not None


def test_two_concepts_read_about_in_two_tabs_are_both_kept(alice: User) -> None:
    content()
    aim(alice)
    for concept in ("c-recurrent-networks", "c-sequence-models"):
        preparing.read_about(alice, concept, TODAY)
    preparing.read_about(alice, "c-sequence-models", TODAY + dt.timedelta(days=1))
    assert plan_of(alice).read == dict.fromkeys(("c-recurrent-networks", "c-sequence-models"), TODAY.isoformat())
