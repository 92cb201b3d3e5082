"""The plan to the interview on the site: made from what is left, followed through the day, kept day by day."""

import datetime as dt
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from prepsite import study
from prepsite.accounts.models import User
from quizzes import preparing, reviewing
from quizzes.models import Break, Card, Concept, Flashcard, Plan, QuizSession, Reading, Review, SessionItem
from quizzes.planning import plan_of, terms_of
from quizzes.readiness.plan import DayKind, Work
from quizzes.review_queue import queue
from quizzes.reviewing import record_review
from quizzes.scheduling import Settings, retrievability
from tests.prepsite.test_study import flashcard, lab, question, submitted, topic
from tests.quizzes.factories import make_question

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
TODAY = NOON.date()


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def content(cards: int = 12) -> None:
    """Two topics, each with a concept, a question and cards; two labs."""
    for slug, code, order in (("recurrent-networks", "M6", 6), ("sequence-models", "M7", 7)):
        on = topic(slug, code, order)
        concept = Concept.objects.create(slug=f"c-{slug}", topic=on, title=f"Concept of {slug}")
        question(on, f"q-{slug}").concepts.add(concept)
        for number in range(cards):
            flashcard(on, f"{slug}-{number:03}", order=number).concepts.add(concept)
    lab("rnn-cell", 23, minutes=20)
    lab("lstm-step", 28, minutes=25)


def aim(user: User, days: int = 14, *, made: dt.date = TODAY, **extra: Any) -> Plan:
    plan, _ = Plan.objects.update_or_create(
        user=user, defaults={"interview_on": made + dt.timedelta(days=days), "made_on": made} | extra
    )
    return plan


def prepare(user: User, at: dt.datetime = NOON) -> study.Preparation:
    found = study.preparation(user, at, study.lab_shelf(user))
    assert found is not None
    return found


def rate(user: User, which: int, rating: int = 3, at: dt.datetime = NOON) -> None:
    card = Flashcard.objects.published().in_teaching_order()[which]
    mine = Card.objects.filter(user=user, flashcard=card).first()
    record_review(
        user, card, rating, at, study.clock_of(user), event_id=uuid.uuid4(), version=mine.version if mine else 0
    )


def steps(user: User, at: dt.datetime = NOON) -> list[study.Step]:
    ordinary = study.today(user, at, study.lab_shelf(user))
    return study.planned_today(user, at, prepare(user, at), ordinary).steps


def step_of(user: User, kind: str) -> study.Step:
    return next(step for step in steps(user) if step.kind == kind)


def labels(user: User, at: dt.datetime = NOON) -> list[str]:
    return [step.label for step in steps(user, at)]


# What is left


def test_without_a_date_there_is_no_plan(alice: User) -> None:
    content()
    assert study.preparation(alice, NOON, study.lab_shelf(alice)) is None
    aim(alice, -1)
    assert study.preparation(alice, NOON, study.lab_shelf(alice)) is None


def test_a_plan_holds_concepts_in_order_labs_mocks_and_a_light_last_day(alice: User) -> None:
    content()
    aim(alice, minutes_per_day=90)
    days = prepare(alice).plan.days
    parts = [part for day in days for part in day.parts]
    assert [p.what for p in parts if p.work is Work.CONCEPT] == ["c-recurrent-networks", "c-sequence-models"]
    assert [p.what for p in parts if p.work is Work.LAB] == ["rnn-cell", "lstm-step"]
    assert [day.offset for day in days if day.kind is DayKind.MOCK] == [7, 12]
    assert days[-1].kind is DayKind.TAPER


@pytest.mark.parametrize(("level", "first"), [("basic", "foundations"), ("intermediate", "often-asked")])
def test_where_not_all_concepts_fit_who_starts_at_the_basics_meets_those_that_come_first(
    as_alice: Client, alice: User, clock: Any, level: str, first: str
) -> None:
    on = topic("recurrent-networks", "M6", 6)
    for order, (slug, questions) in enumerate([("foundations", 6), ("often-asked", 7)]):
        concept = Concept.objects.create(slug=slug, topic=on, title=slug, order=order)
        for number in range(questions):
            question(on, f"q-{slug}-{number}", level="intermediate").concepts.add(concept)
    aim(alice, 2, minutes_per_day=45, level=level)
    found = prepare(alice)
    assert [part.what for day in found.plan.days for part in day.parts if part.work is Work.CONCEPT] == [first]
    assert found.plan.left_out == 1
    said = text_of(as_alice.get(reverse("plan")))
    assert ("the concepts that come first, since you start at the basics" in said) is (level == "basic")


def test_tomorrow_is_a_plan_of_one_light_day_and_today_none(alice: User) -> None:
    content()
    aim(alice, 1)
    assert [day.kind for day in prepare(alice).plan.days] == [DayKind.TAPER]
    aim(alice, 0)
    assert prepare(alice).plan.days == ()


def test_what_is_done_stays_in_todays_plan_and_leaves_tomorrows(alice: User) -> None:
    content()
    aim(alice, minutes_per_day=90)
    before = prepare(alice).plan.today
    preparing.read_about(alice, "c-recurrent-networks", TODAY)
    submitted(alice, lab("bptt", 25), "passed")
    submitted(alice, study.lab_shelf(alice).labs[0], "passed")
    after = prepare(alice)
    assert after.plan.today == before
    assert "Lab" not in " ".join(labels(alice))
    assert "New concept: Concept of recurrent-networks" not in labels(alice)
    tomorrow = prepare(alice, NOON + dt.timedelta(days=1)).plan.days
    todo = {part.what for day in tomorrow for part in day.parts}
    assert "c-recurrent-networks" not in todo
    assert "rnn-cell" not in todo
    assert {"c-sequence-models", "lstm-step"} <= todo


def test_missed_days_are_planned_again_without_a_word(alice: User) -> None:
    content()
    aim(alice, minutes_per_day=60)
    first = [part.what for part in prepare(alice).plan.days[0].parts]
    later = prepare(alice, NOON + dt.timedelta(days=3))
    assert later.left == 11
    assert [part.what for part in later.plan.days[0].parts if part.what] == [what for what in first if what]
    assert [day.offset for day in later.plan.days if day.kind is DayKind.MOCK] == [4, 9]


def test_a_mock_taken_is_not_planned_again(alice: User) -> None:
    content()
    aim(alice)
    QuizSession.objects.create(user=alice, kind="mock", started_at=NOON, finished_at=NOON)
    assert Work.MOCK in {part.work for day in prepare(alice).plan.days for part in day.parts}
    tomorrow = prepare(alice, NOON + dt.timedelta(days=1))
    assert [day.offset for day in tomorrow.plan.days if day.kind is DayKind.MOCK] == [11]


def test_a_mock_that_was_ended_with_nothing_answered_is_still_to_be_taken(alice: User) -> None:
    content()
    aim(alice)
    mock = QuizSession.objects.create(user=alice, kind="mock", started_at=NOON, finished_at=NOON)
    for position in (1, 2):
        asked = make_question("open", f"asked-{position}")
        SessionItem.objects.create(session=mock, question=asked, question_version=1, position=position)
    later = NOON + dt.timedelta(days=1)
    assert len([day for day in prepare(alice, later).plan.days if day.kind is DayKind.MOCK]) == 2
    mock.items.filter(position=1).update(committed_at=NOON)
    assert len([day for day in prepare(alice, later).plan.days if day.kind is DayKind.MOCK]) == 1


@pytest.mark.parametrize(
    ("kind", "made", "label"),
    [
        ("mock", TODAY - dt.timedelta(days=7), "A full mock interview of 60 minutes"),
        ("quiz", TODAY, "A timed round of five"),
    ],
)
def test_what_was_ended_with_nothing_answered_stays_a_step_of_today(
    kind: str, made: dt.date, label: str, alice: User
) -> None:
    content()
    aim(alice, made=made, minutes_per_day=90)
    ended = QuizSession.objects.create(user=alice, kind=kind, started_at=NOON, deadline=NOON, finished_at=NOON)
    asked = make_question("open", "asked")
    SessionItem.objects.create(session=ended, question=asked, question_version=1, position=1)
    assert label in labels(alice)
    ended.items.update(committed_at=NOON)
    assert label not in labels(alice)


def test_the_days_of_the_plan_lead_to_forms_that_are_filled_in(alice: User) -> None:
    content()
    aim(alice, made=TODAY - dt.timedelta(days=7), minutes_per_day=90, role="research", level="advanced")
    found = prepare(alice)
    today = {part.label: part.url for part in study.named(found, found.plan.days[0]).parts}
    mock = f"{reverse('quizzes:mocks')}?minutes=60&role=research&level=advanced"
    assert (today["Mock interview"], step_of(alice, "mock").url) == (mock, mock)
    tomorrow = {part.label: part.url for part in study.named(found, found.plan.days[1]).parts}
    assert tomorrow["A timed round of five"] == f"{reverse('quizzes:new')}?number=5&minutes=10"


def test_a_mock_that_was_begun_today_goes_on_and_one_left_long_ago_does_not(alice: User) -> None:
    content()
    aim(alice, made=TODAY - dt.timedelta(days=7), minutes_per_day=90)
    QuizSession.objects.create(user=alice, kind="mock", started_at=NOON - dt.timedelta(days=5))
    step = step_of(alice, "mock")
    assert (step.action, step.url.split("?")[0]) == ("Begin the mock interview", reverse("quizzes:mocks"))
    begun = QuizSession.objects.create(user=alice, kind="mock", started_at=NOON - dt.timedelta(hours=1))
    step = step_of(alice, "mock")
    assert (step.action, step.url) == ("Go on with the mock interview", begun.get_absolute_url())


def test_days_off_are_left_free(alice: User) -> None:
    content()
    aim(alice)
    Break.objects.create(user=alice, first_day=TODAY - dt.timedelta(days=1), last_day=TODAY + dt.timedelta(days=1))
    kinds = [day.kind for day in prepare(alice).plan.days]
    assert kinds[:3] == [DayKind.REST, DayKind.REST, DayKind.LEARN]


def test_a_concept_that_was_read_about_is_done_today_and_met_tomorrow(as_alice: Client, alice: User) -> None:
    content()
    aim(alice, minutes_per_day=90)
    with time_machine.travel(NOON, tick=False):
        assert "New concept: Concept of recurrent-networks" in labels(alice)
        as_alice.post(reverse("plan-read", args=["c-recurrent-networks"]))
        assert "New concept: Concept of recurrent-networks" not in labels(alice)
        assert as_alice.get(reverse("plan-read", args=["c-recurrent-networks"])).status_code == 405
        assert as_alice.post(reverse("plan-read", args=["nothing"])).status_code == 404
    tomorrow = prepare(alice, NOON + dt.timedelta(days=1)).plan.days[0]
    assert "c-recurrent-networks" not in {part.what for part in tomorrow.parts}


# Readiness


def test_following_the_plan_beats_stopping_and_an_hour_adds(alice: User) -> None:
    content()
    aim(alice, 5)
    for which in range(6):
        rate(alice, which)
        rate(alice, which)
    found = prepare(alice, NOON + dt.timedelta(days=1)).forecast
    assert found.all.met == 6
    assert found.all.followed.mean > found.all.rested
    assert found.all.followed.low < found.all.followed.mean < found.all.followed.high
    assert found.all.hour_adds > 0


def test_the_best_hour_is_the_one_that_adds_most_over_all_topics(as_alice: Client, alice: User) -> None:
    """A topic of one card gains most of its points in an hour, and adds next to nothing to the whole."""
    content(cards=150)
    flashcard(topic("small", "M8", 8), "small-000")
    aim(alice)
    found = prepare(alice)
    small = next(one for one in found.topics if one.topic.slug == "small")
    best = found.best_hour
    assert best is not None
    assert best.topic.slug != "small"
    assert small.forecast.hour_adds > best.forecast.hour_adds
    assert small.forecast.hour_adds / found.forecast.all.cards < found.best_hour_adds
    assert found.best_hour_adds <= found.forecast.all.hour_adds + 1e-9
    with time_machine.travel(NOON, tick=False):
        page = text_of(as_alice.get(reverse("home")))
    assert f"Over all topics it adds {100 * found.best_hour_adds:.0f} points, more than an hour on any other." in page


def test_the_forecast_does_not_change_on_reload(alice: User) -> None:
    content()
    aim(alice)
    assert prepare(alice).forecast.all == prepare(alice, NOON + dt.timedelta(hours=3)).forecast.all


def test_suspended_cards_and_retired_content_do_not_count(alice: User) -> None:
    content()
    aim(alice)
    rate(alice, 0)
    assert prepare(alice).forecast.all.cards == 24
    Card.objects.update(suspended=True)
    assert prepare(alice).forecast.all.cards == 23


def test_a_preparation_takes_a_constant_number_of_queries(
    alice: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    content()
    aim(alice)
    for more in range(2):
        shelf = study.lab_shelf(alice)
        with django_assert_num_queries(17):
            study.preparation(alice, NOON, shelf)
        on = topic(f"another-{more}", f"X{more}", 20 + more)
        for number in range(20):
            flashcard(on, f"another-{more}-{number}")


def test_a_reading_is_kept_once_a_day(alice: User) -> None:
    content()
    study.keep_reading(alice, NOON)
    assert not Reading.objects.exists()
    aim(alice)
    study.keep_reading(alice, NOON)
    kept = Reading.objects.whole().get()
    assert (kept.study_day, kept.interview_date, kept.cards) == (TODAY, TODAY + dt.timedelta(days=14), 24)
    assert set(Reading.objects.values_list("topic", flat=True)) == {"", "recurrent-networks", "sequence-models"}
    rate(alice, 0)
    study.keep_reading(alice, NOON + dt.timedelta(hours=2))
    assert Reading.objects.whole().get() == kept
    study.keep_reading(alice, NOON + dt.timedelta(days=1))
    assert Reading.objects.whole().count() == 2


def test_no_card_is_put_off_beyond_the_eve(alice: User) -> None:
    content()
    aim(alice, 5)
    rate(alice, 0, rating=4)
    record = Card.objects.get()
    assert terms_of(alice, TODAY).settings.latest == TODAY + dt.timedelta(days=4)
    terms = terms_of(alice, TODAY)
    record_review(
        alice, record.flashcard, 4, NOON, study.clock_of(alice), event_id=uuid.uuid4(), version=1, terms=terms
    )
    record.refresh_from_db()
    assert record.due_day is not None
    assert record.due_day <= TODAY + dt.timedelta(days=4)


def test_the_track_record_compares_prediction_and_truth(alice: User) -> None:
    content()
    assert study.track_record(alice) is None
    for which in range(20):
        rate(alice, which, 4)
    for which in range(20):
        rate(alice, which, 1 if which < 5 else 3, NOON + dt.timedelta(days=8))
    found = study.track_record(alice)
    assert found is not None
    assert (found.reviews, found.recalled) == (20, 0.75)
    assert 0.85 < found.predicted < 0.95


def test_the_track_record_is_that_of_the_parameters_in_force_at_the_time(alice: User) -> None:
    """A fit that forgets faster had predicted less; that defaults would have said otherwise is no record of its own."""
    content()
    for which in range(20):
        rate(alice, which, 4)
    for which in range(20):
        rate(alice, which, 3, NOON + dt.timedelta(days=30))
    steep = (*Settings().weights[:20], 0.8)
    by_default = study.track_record(alice)
    for review in Review.objects.exclude(before__state="new"):
        Review.objects.filter(pk=review.pk).update(settings=review.settings | {"parameters": list(steep)})
    by_the_fit = study.track_record(alice)
    assert by_default is not None
    assert by_the_fit is not None
    assert by_the_fit.predicted != by_default.predicted


# The pages


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def test_a_date_makes_a_plan(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    given = {"interview_on": "2026-03-24", "minutes_per_day": 60, "role": "research", "level": "intermediate"}
    response = as_alice.post(reverse("plan"), given, follow=True)
    page = text_of(response)
    assert "14 days to your interview" in page
    assert "Ready on March 24" in page or "Ready on 24 March" in page
    assert plan_of(alice).made_on == TODAY
    clock.shift(dt.timedelta(days=2))
    as_alice.post(reverse("plan"), given | {"minutes_per_day": 30})
    assert plan_of(alice).made_on == TODAY
    as_alice.post(reverse("plan"), given | {"interview_on": "2026-03-30"})
    assert plan_of(alice).made_on == TODAY + dt.timedelta(days=2)


@pytest.mark.parametrize(
    ("days", "more", "folded", "said"),
    [
        (5, None, False, "Sunday 15 March interview"),
        (14, "7 more days", False, "Tuesday 24 March interview"),
        (60, "53 more days", True, "Saturday 9 May interview"),
        (500, "173 more days", True, "320 days after these are planned when they come nearer. Friday 23 July 2027"),
    ],
)
def test_the_days_after_a_week_can_be_folded_and_those_not_listed_are_counted(
    as_alice: Client, alice: User, clock: Any, days: int, more: str | None, *, folded: bool, said: str
) -> None:
    content()
    aim(alice, days)
    response = as_alice.get(reverse("plan"))
    assert said in text_of(response)
    assert (more is not None) is ("more day" in text_of(response))
    assert more is None or more in text_of(response)
    assert ("data-fold-narrow open" in response.content.decode()) is (more is not None and not folded)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"interview_on": "2026-03-10"}, "has to lie ahead"),
        ({"interview_on": "2025-01-01"}, "has to lie ahead"),
        ({"interview_on": ""}, "Say on which day"),
        ({"interview_on": "soon"}, "Write the day as"),
        ({"interview_on": "9999-12-31"}, "more than two years away"),
        ({"minutes_per_day": 0}, "from 5 to 600"),
        ({"minutes_per_day": 100_000}, "from 5 to 600"),
        ({"minutes_per_day": "long"}, "from 5 to 600"),
        ({"role": "astronaut"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_planned_is_said_and_nothing_is_saved(
    wrong: dict[str, Any], said: str, as_alice: Client, alice: User, clock: Any
) -> None:
    content()
    given = {"interview_on": "2026-03-24", "minutes_per_day": 60, "role": "engineer", "level": "basic"}
    response = as_alice.post(reverse("plan"), given | wrong)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Plan.objects.filter(interview_on__isnull=False).exists()


def test_everything_that_is_wrong_is_said_at_once(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    wrong = {"interview_on": "2025-01-01", "minutes_per_day": 0, "role": "astronaut", "level": "basic"}
    said = text_of(as_alice.post(reverse("plan"), wrong))
    for sentence in ("has to lie ahead", "from 5 to 600", "not one of the available choices"):
        assert sentence in said


def test_whose_interview_is_tomorrow_and_who_has_seen_nothing_still_gets_cards(
    as_alice: Client, alice: User, clock: Any
) -> None:
    content(60)
    aim(alice, days=1)
    found = prepare(alice)
    assert [day.kind for day in found.plan.days] == [DayKind.TAPER]
    assert (len(found.cards.new) > 0, found.cards.again) == (True, ())
    as_alice.post(reverse("plan-start"))
    assert as_alice.get(reverse("quizzes:review")).context["face"], "a card waits"


def test_the_day_begins_with_the_plans_cards(as_alice: Client, alice: User, clock: Any) -> None:
    content(60)
    aim(alice, minutes_per_day=60)
    page = text_of(as_alice.get(reverse("home")))
    cards = prepare(alice).cards
    assert len(cards.new) > 10
    assert cards.again == ()
    assert f"Start with {len(cards)} cards" in page
    assert as_alice.post(reverse("plan-start"))["Location"] == reverse("quizzes:review")
    assert terms_of(alice, TODAY).chosen == cards
    waiting = queue(alice, NOON, study.clock_of(alice), terms=terms_of(alice, TODAY))
    assert (waiting.counts.new, waiting.counts.due) == (len(cards.new), 0)
    rate(alice, 0)
    as_alice.post(reverse("plan-start"))
    assert terms_of(alice, TODAY).chosen == cards, "what was chosen stands for the day"
    assert prepare(alice).cards.new == cards.new[1:]


def test_a_card_from_a_mistake_counts_before_the_day_is_begun_as_it_does_after(
    as_alice: Client, alice: User, clock: Any
) -> None:
    """The plan has not chosen it, yet it comes first."""
    content(60)
    aim(alice, minutes_per_day=30)
    chosen = prepare(alice).cards
    missed = Flashcard.objects.exclude(pk__in=chosen.new).in_teaching_order().last()
    assert missed is not None
    Flashcard.objects.filter(pk=missed.pk).update(misconception="stateless")
    reviewing.bring_forward(alice, "stateless", "from your answer", NOON)
    chosen = prepare(alice).cards
    assert missed.pk not in chosen.new, "or this test shows nothing"
    before = step_of(alice, "review")
    assert before.label == f"1 card to see again, {len(chosen)} new cards"
    assert before.note == "1 from a mistake"
    assert before.action == f"Start with {len(chosen) + 1} cards"
    as_alice.post(reverse("plan-start"))
    after = step_of(alice, "review")
    assert (after.label, after.note, after.action, after.minutes) == (
        before.label,
        before.note,
        before.action,
        before.minutes,
    )


def test_steps_left_from_the_day_before_count_before_the_day_is_begun_as_they_do_after(
    as_alice: Client, alice: User, clock: Any
) -> None:
    """Who stops in the middle leaves cards in their steps; the plan does not choose them and the queue gives them."""
    content(60)
    aim(alice, made=TODAY - dt.timedelta(days=1), minutes_per_day=30)
    rate(alice, 0, rating=1, at=NOON - dt.timedelta(days=1))
    rate(alice, 1, rating=1, at=NOON - dt.timedelta(days=1))
    before = step_of(alice, "review")
    as_alice.post(reverse("plan-start"))
    page = as_alice.get(reverse("quizzes:review"))
    assert before.action == step_of(alice, "review").action == f"Start with {page.context['queue'].counts.total} cards"
    assert before.minutes == page.context["queue"].minutes


def test_opening_the_reviews_begins_the_day_by_the_plan(as_alice: Client, alice: User, clock: Any) -> None:
    content(60)
    as_alice.get(reverse("quizzes:review"))
    assert not Plan.objects.exists(), "without an interview nothing is chosen"
    aim(alice, minutes_per_day=60)
    as_alice.get(reverse("quizzes:review"), {"mode": "ahead"})
    assert terms_of(alice, TODAY).chosen is None
    as_alice.get(reverse("quizzes:review"))
    assert terms_of(alice, TODAY).chosen == prepare(alice).cards


def test_a_day_without_time_for_cards_keeps_the_ordinary_queue(as_alice: Client, alice: User, clock: Any) -> None:
    content(60)
    aim(alice, 14, made=TODAY - dt.timedelta(days=7), minutes_per_day=45)
    found = prepare(alice)
    assert [part.work for part in found.plan.days[0].parts] == [Work.MOCK]
    assert len(found.cards) == 0
    assert as_alice.get(reverse("quizzes:review")).context["face"], "a card waits for who wants one"
    assert terms_of(alice, TODAY).chosen is None


def test_limits_set_by_hand_for_today_replace_the_plans_choice(as_alice: Client, alice: User, clock: Any) -> None:
    content(60)
    aim(alice, minutes_per_day=60)
    as_alice.post(reverse("plan-start"))
    as_alice.post(reverse("quizzes:plan_today"), {"new_today": 3, "reviews_today": ""})
    as_alice.get(reverse("quizzes:review"))
    assert terms_of(alice, TODAY).chosen is None
    assert queue(alice, NOON, study.clock_of(alice), terms=terms_of(alice, TODAY)).counts.new == 3
    assert prepare(alice).forecast.new[0] > 0, "the forecast does not take it for a day of no cards"


def test_a_fortnight_through_the_queue_is_what_the_plan_forecast(alice: User, clock: Any) -> None:
    """The queue gives the plan's cards and no others; every card met is met again; the first forecast comes true."""
    content(110)
    aim(alice, minutes_per_day=45)
    rng, shares = random.Random(1), {}
    for day in range(14):
        at = NOON + dt.timedelta(days=day)
        clock.move_to(at)
        connection.cursor().execute("ANALYZE")  # which PostgreSQL does by itself, but not within one transaction
        found = prepare(alice, at)
        if day == 0:
            promised = {one.topic.slug: one.forecast.followed for one in found.topics}
        follow(alice, at, found)
        study.begin_day(alice, at)
        chosen = {*found.cards.again, *found.cards.new}
        if chosen:  # the days of the mock interviews have no time for cards
            assert chosen == live_through(alice, at, rng), day
    found = prepare(alice, NOON + dt.timedelta(days=14))
    days = Review.objects.values("card").annotate(days=Count("study_day", distinct=True)).order_by()
    assert {row["card"] for row in days if row["days"] < 2} == set()
    for one in found.topics:
        promise = promised[one.topic.slug]
        shares[one.topic.slug] = (promise.low, one.forecast.now, promise.high)
        assert promise.low - 0.05 <= one.forecast.now <= promise.high + 0.05, shares
    met = [one.forecast.met for one in found.topics]
    assert max(met) - min(met) <= 0.08 * max(met), "of both topics the same share"


def follow(user: User, at: dt.datetime, found: study.Preparation) -> None:
    """Do all of today's plan but the cards."""
    for part in found.plan.days[0].parts:
        if part.work is Work.MOCK:
            QuizSession.objects.create(user=user, kind="mock", started_at=at, finished_at=at)
        elif part.work is Work.CONCEPT and not part.goes_on:
            preparing.read_about(user, part.what, at.date())
        elif part.work is Work.LAB and not part.goes_on:
            submitted(user, found.labs[part.what], "passed", at)


def live_through(user: User, at: dt.datetime, rng: random.Random) -> set[int]:
    """Answer all that the queue gives as the forecast expects it; the flashcards that came."""
    clock, seen = study.clock_of(user), set[int]()
    terms = terms_of(user, at.date())
    while (waiting := queue(user, at, clock, terms=terms)).next:
        card, known = waiting.next, True
        if card.flashcard.pk not in seen:
            memory = card.memory
            chance = 0.5 if memory.stability is None else retrievability(memory, at, clock, terms.settings)
            known = rng.random() < chance
        seen.add(card.flashcard.pk)
        rating = 3 if known else 1
        record_review(user, card.flashcard, rating, at, clock, event_id=uuid.uuid4(), version=card.version, terms=terms)
        at += dt.timedelta(minutes=1)
    return seen


def test_a_shorter_day_holds_for_today_alone(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice, minutes_per_day=60)
    as_alice.post(reverse("plan-shorter"), {"minutes": 15})
    days = prepare(alice).plan.days
    assert [day.minutes for day in days[:2]] == [15, 60]
    assert [day.minutes for day in prepare(alice, NOON + dt.timedelta(days=1)).plan.days[:1]] == [60]
    as_alice.post(reverse("plan-shorter"), {"minutes": "no time"})
    assert plan_of(alice).minutes_today == 15


def test_without_a_date_it_is_an_ordinary_schedule_again(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice)
    as_alice.post(reverse("plan-off"))
    assert plan_of(alice).interview_on is None
    assert "A plan that ends on the day" in text_of(as_alice.get(reverse("plan")))
    assert "Progress by topic" in text_of(as_alice.get(reverse("home")))


def test_after_the_day_the_page_says_so(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice, -2)
    assert "has passed" in text_of(as_alice.get(reverse("plan")))
    assert as_alice.get(reverse("home")).status_code == 200


def test_on_the_day_itself_nothing_new_is_asked(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice, 0)
    rate(alice, 0, at=NOON - dt.timedelta(days=61))
    rate(alice, 0, at=NOON - dt.timedelta(days=60))
    assert "Your interview is today" in text_of(as_alice.get(reverse("home")))
    page = text_of(as_alice.get(reverse("plan")))
    assert "Your interview is today" in page
    assert "Not everything fits" not in page
    queued = as_alice.get(reverse("quizzes:review")).context["queue"].counts
    assert (queued.due, queued.new) == (1, 0), "a card to warm up"
    as_alice.post(reverse("quizzes:plan_today"), {"new_today": 3, "reviews_today": ""})
    assert as_alice.get(reverse("quizzes:review")).context["queue"].counts.new == 3, "unless it is asked for"


@pytest.mark.parametrize(("days", "offered"), [(0, False), (1, False), (-1, True)])
def test_until_the_interview_no_backlog_is_offered_to_be_spread_over_days_after_it(
    as_alice: Client, alice: User, clock: Any, days: int, *, offered: bool
) -> None:
    content(60)
    aim(alice, days, made=TODAY, minutes_per_day=600)
    for which in range(60):
        rate(alice, which, rating=4, at=NOON - dt.timedelta(days=400))
    assert ("have waited a day or longer" in text_of(as_alice.get(reverse("quizzes:review")))) is offered


@pytest.mark.parametrize("name", ["plan-start", "plan-shorter", "plan-off"])
def test_what_changes_the_plan_refuses_get_and_visitors(name: str, as_alice: Client, client: Client) -> None:
    assert as_alice.get(reverse(name)).status_code == 405
    assert client.post(reverse(name))["Location"].startswith(reverse("account_login"))


def test_the_plans_of_others_are_not_touched(as_bob: Client, alice: User, bob: User, clock: Any) -> None:
    content()
    aim(alice)
    as_bob.post(reverse("plan-off"))
    as_bob.post(reverse("plan-start"))
    as_bob.post(reverse("plan-shorter"), {"minutes": 15})
    assert plan_of(alice).interview_on is not None
    assert not Plan.objects.filter(user=bob, today__isnull=False).exists()


def test_readiness_over_time_has_a_picture_a_sentence_and_a_table(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice)
    study.keep_reading(alice, NOON)
    page = as_alice.get(reverse("plan"))
    assert "data-picture" not in page.content.decode()
    assert "two days on which you reviewed" in text_of(page)
    study.keep_reading(alice, NOON + dt.timedelta(days=1))
    page = as_alice.get(reverse("plan"))
    assert 'data-picture="readiness"' in page.content.decode()
    readings = Reading.objects.for_user(alice).whole()
    for one in readings:
        assert f"{one.low:.0%}".replace("%", " %") in text_of(page)
    assert f"For 24 Mar, {readings[1].mean:.0%}".replace("%", " %") in text_of(page)


@pytest.mark.parametrize("over", [True, False])
def test_readiness_over_time_is_kept_after_the_day_and_without_a_date(
    as_alice: Client, alice: User, clock: Any, *, over: bool
) -> None:
    content()
    plan = aim(alice)
    for day in range(2):
        study.keep_reading(alice, NOON + dt.timedelta(days=day))
    if over:
        Plan.objects.filter(pk=plan.pk).update(interview_on=TODAY - dt.timedelta(days=1))
    else:
        as_alice.post(reverse("plan-off"))
    for page in ("plan", "progress:progress"):
        assert 'data-picture="readiness"' in as_alice.get(reverse(page)).content.decode()


def test_a_date_that_moved_has_a_picture_of_its_own(as_alice: Client, alice: User, clock: Any) -> None:
    content()
    aim(alice)
    for day in range(2):
        study.keep_reading(alice, NOON + dt.timedelta(days=day))
    aim(alice, 20)
    assert "data-picture" not in as_alice.get(reverse("plan")).content.decode()


def test_dice_are_the_learners_own(alice: User, bob: User) -> None:
    draws = {preparing.dice(user, TODAY).random() for user in (alice, bob)}
    assert len(draws) == 2
    assert preparing.dice(alice, TODAY).random() in draws
