"""Scheduling: FSRS-6 by py-fsrs's mathematics, counted in study days."""

import datetime as dt
import json
import random
import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import fsrs
import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from quizzes.scheduling import Memory, Rating, Settings, State, StudyClock, fuzz, next_state, preview, retrievability

UTC = dt.UTC
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOCK = StudyClock("UTC", 4)
BARE = Settings(learning_steps_minutes=(), relearning_steps_minutes=(), fuzz=False)
STEPS = Settings(fuzz=False)

CLOCKS_THAT_DO_ODD_THINGS = [
    "Africa/Casablanca",
    "America/Havana",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "UTC",
]


def fold(
    ratings: Sequence[int], days: Sequence[float], settings: Settings = BARE, clock: StudyClock = CLOCK
) -> list[Memory]:
    """The memory after each rating, so many days after the one before, from noon on."""
    memory, at, found = Memory(due=NOON), NOON, []
    for rating, elapsed in zip(ratings, days, strict=True):
        at += dt.timedelta(days=elapsed)
        memory = next_state(memory, rating, at, clock, settings, "card")
        found.append(memory)
    return found


def learned(at: dt.datetime = NOON, clock: StudyClock = CLOCK, settings: Settings = BARE) -> Memory:
    return next_state(Memory(due=at), Rating.GOOD, at, clock, settings, "card")


class TestVectors:
    def test_six_times_good_on_the_day_due(self) -> None:
        found = fold([3] * 6, [0, 2, 11, 46, 163, 497])
        assert [memory.interval_days for memory in found] == [2, 11, 46, 163, 497, 1346]
        assert found[-1].stability == pytest.approx(1345.529, abs=5e-4)
        assert found[-1].difficulty == pytest.approx(2.0837, abs=5e-5)

    def test_a_first_again_and_five_times_good(self) -> None:
        found = fold([1, 3, 3, 3, 3, 3], [0, 0, 1, 3, 8, 21])
        assert found[-1].stability == pytest.approx(53.6269, abs=5e-5)
        assert found[-1].difficulty == pytest.approx(6.3575, abs=5e-5)

    def test_a_card_remembered_exactly_when_due_had_the_recall_that_was_aimed_at(self) -> None:
        memory = replace(learned(), stability=10.0)
        assert retrievability(memory, NOON + dt.timedelta(days=10), CLOCK, BARE) == pytest.approx(0.9)

    def test_a_card_never_seen_has_no_recall(self) -> None:
        assert retrievability(Memory(due=NOON), NOON, CLOCK, BARE) == 0


@bounded(max_examples=150, deadline=None)
@given(
    history=st.lists(st.tuples(st.sampled_from(range(1, 5)), st.integers(0, 400)), min_size=1, max_size=12),
    learning=st.lists(st.integers(1, 60), max_size=3),
    relearning=st.lists(st.integers(1, 60), max_size=2),
    retention=st.floats(0.7, 0.97),
)
def test_any_history_of_whole_days_agrees_with_py_fsrs(
    history: list[tuple[int, int]], learning: list[int], relearning: list[int], retention: float
) -> None:
    settings = Settings(
        desired_retention=retention,
        learning_steps_minutes=tuple(learning),
        relearning_steps_minutes=tuple(relearning),
        fuzz=False,
    )
    theirs = fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=[dt.timedelta(minutes=step) for step in learning],
        relearning_steps=[dt.timedelta(minutes=step) for step in relearning],
        enable_fuzzing=False,
    )
    card, memory, at = fsrs.Card(card_id=1, due=NOON), Memory(due=NOON), NOON
    for rating, days in history:
        at += dt.timedelta(days=days)
        card, _ = theirs.review_card(card, fsrs.Rating(rating), at)
        memory = next_state(memory, rating, at, CLOCK, settings, "card")
        assert (memory.stability, memory.difficulty, memory.step) == (card.stability, card.difficulty, card.step)
        assert memory.state == card.state.name.lower()
        if memory.state is State.REVIEW:
            assert memory.interval_days == (card.due - at).days
        else:
            assert memory.due == card.due


class TestStudyDays:
    def test_good_at_23_50_and_again_at_08_00_has_one_day_behind_it(self) -> None:
        late = dt.datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
        first = learned(late)
        again = next_state(first, 3, late + dt.timedelta(hours=8, minutes=10), CLOCK, BARE, "card")
        assert first.stability == pytest.approx(2.3065)
        assert again.stability == pytest.approx(7.3153, abs=5e-5)

    def test_a_review_before_the_day_starts_counts_for_the_day_before(self) -> None:
        assert CLOCK.day(dt.datetime(2026, 3, 3, 3, 59, tzinfo=UTC)) == dt.date(2026, 3, 2)
        assert CLOCK.day(dt.datetime(2026, 3, 3, 4, 0, tzinfo=UTC)) == dt.date(2026, 3, 3)

    def test_a_learned_card_falls_due_when_its_study_day_begins_in_the_learners_zone(self) -> None:
        clock = StudyClock("Asia/Kathmandu", 5)
        memory = learned(clock=clock)
        assert memory.due_day == dt.date(2026, 3, 4)
        assert memory.due == dt.datetime(2026, 3, 3, 23, 15, tzinfo=UTC)

    def test_the_leap_day_is_a_day(self) -> None:
        at = dt.datetime(2028, 2, 28, 12, tzinfo=UTC)
        assert learned(at).due_day == dt.date(2028, 3, 1)

    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Berlin", dt.date(2026, 3, 28), 23),
            ("Europe/Berlin", dt.date(2026, 10, 24), 25),
            ("Australia/Lord_Howe", dt.date(2026, 4, 4), 24.5),
            ("Pacific/Apia", dt.date(2011, 12, 30), 0),
        ],
    )
    def test_the_day_on_which_the_clocks_change_is_as_long_as_it_is(
        self, zone: str, day: dt.date, hours: float
    ) -> None:
        clock = StudyClock(zone, 4)
        length = clock.start_of(day + dt.timedelta(days=1)) - clock.start_of(day)
        assert length == dt.timedelta(hours=hours)

    def test_a_card_learned_before_the_clocks_change_is_due_at_the_same_hour_of_the_wall_clock(self) -> None:
        clock = StudyClock("Europe/Berlin", 4)
        memory = learned(dt.datetime(2026, 3, 28, 12, tzinfo=UTC), clock)
        assert memory.due_day == dt.date(2026, 3, 30)
        assert clock.local(memory.due).hour == 4

    def test_a_day_that_starts_in_the_hour_which_the_clocks_skip_still_starts(self) -> None:
        clock = StudyClock("Europe/Berlin", 2)
        start = clock.start_of(dt.date(2026, 3, 29))
        assert start == dt.datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert clock.day(start) == dt.date(2026, 3, 29)
        assert clock.day(start - dt.timedelta(seconds=1)) == dt.date(2026, 3, 28)

    @bounded(max_examples=200, deadline=None)
    @given(
        zone=st.sampled_from(CLOCKS_THAT_DO_ODD_THINGS),
        hour=st.integers(0, 23),
        seconds=st.integers(1_100_000_000, 1_900_000_000),
        later=st.integers(0, 3 * 86_400),
    )
    def test_the_study_day_never_goes_back_and_holds_its_own_start(
        self, zone: str, hour: int, seconds: int, later: int
    ) -> None:
        clock = StudyClock(zone, hour)
        at = dt.datetime.fromtimestamp(seconds, UTC)
        day = clock.day(at)
        assert clock.start_of(day) <= at < clock.start_of(day + dt.timedelta(days=1))
        assert clock.day(at + dt.timedelta(seconds=later)) >= day

    def test_moving_to_another_zone_keeps_the_date_on_which_a_card_is_due(self) -> None:
        tokyo, lima = StudyClock("Asia/Tokyo", 4), StudyClock("America/Lima", 4)
        memory = learned(clock=tokyo)
        assert memory.due_day == dt.date(2026, 3, 4)
        eve = lima.start_of(dt.date(2026, 3, 4)) - dt.timedelta(seconds=1)
        assert not memory.is_due(eve, lima.day(eve))
        assert memory.is_due(lima.start_of(dt.date(2026, 3, 4)), dt.date(2026, 3, 4))

    def test_flying_west_over_the_start_of_the_day_does_not_give_the_day_back(self) -> None:
        memory = learned(dt.datetime(2026, 3, 2, 20, tzinfo=UTC), StudyClock("Asia/Tokyo", 4))
        landed = dt.datetime(2026, 3, 3, 1, tzinfo=UTC)
        after = next_state(memory, 3, landed, StudyClock("America/Lima", 4), BARE, "card")
        assert memory.last_day == after.last_day == dt.date(2026, 3, 3)

    def test_a_later_start_of_the_day_keeps_the_date_on_which_a_card_is_due(self) -> None:
        memory, later = learned(), StudyClock("UTC", 9)
        assert not memory.is_due(dt.datetime(2026, 3, 4, 8, tzinfo=UTC), later.day(memory.due))
        assert memory.is_due(dt.datetime(2026, 3, 4, 9, tzinfo=UTC), dt.date(2026, 3, 4))

    @pytest.mark.parametrize(("zone", "hour"), [("Mars/Olympus", 4), ("Europe", 4), ("UTC", 24), ("UTC", -1)])
    def test_a_clock_that_cannot_be_is_refused(self, zone: str, hour: int) -> None:
        with pytest.raises(ValueError, match=r"time zone|hour"):
            StudyClock(zone, hour)

    def test_an_instant_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            next_state(learned(), 3, dt.datetime(2026, 3, 5), CLOCK, BARE, "card")


class TestAClockThatGoesBack:
    @pytest.mark.parametrize("settings", [BARE, STEPS])
    @pytest.mark.parametrize("rating", Rating)
    def test_counts_as_the_time_of_the_last_review(self, settings: Settings, rating: Rating) -> None:
        memory = learned(settings=settings)
        back = next_state(memory, rating, NOON - dt.timedelta(days=5), CLOCK, settings, "card")
        assert back == next_state(memory, rating, NOON, CLOCK, settings, "card")
        assert back.last_review == NOON

    @bounded(max_examples=100, deadline=None)
    @given(history=st.lists(st.tuples(st.integers(2, 4), st.integers(-90_000, 90_000)), min_size=1, max_size=12))
    def test_never_moves_the_due_date_of_a_remembered_card_before_the_latest_review(
        self, history: list[tuple[int, int]]
    ) -> None:
        memory, at, latest = learned(settings=STEPS), NOON, NOON
        for rating, minutes in history:
            at += dt.timedelta(minutes=minutes)
            latest = max(latest, at)
            memory = next_state(memory, rating, at, CLOCK, STEPS, "card")
            assert memory.last_review == latest
            assert memory.due > latest


class TestFuzz:
    def test_ten_days_become_eight_to_twelve_and_each_as_often(self) -> None:
        drawn = Counter(fuzz.choose(10, f"card-{number}", longest=36_500) for number in range(5000))
        assert sorted(drawn) == [8, 9, 10, 11, 12]
        assert min(drawn.values()) > 850

    @pytest.mark.parametrize(("days", "window"), [(1, (1, 1)), (2, (2, 2)), (3, (2, 4)), (7, (5, 9)), (100, (93, 107))])
    def test_the_ranges_are_the_published_ones(self, days: int, window: tuple[int, int]) -> None:
        assert fuzz.window(days, longest=36_500) == window

    @bounded(max_examples=200, deadline=None)
    @given(days=st.integers(3, 2000), seed=st.text(max_size=8), shortest=st.integers(2, 2000))
    def test_no_draw_leaves_its_window(self, days: int, seed: str, shortest: int) -> None:
        low, high = fuzz.window(days, shortest=shortest, longest=36_500)
        assert low <= days <= high
        assert low <= fuzz.choose(days, seed, shortest=shortest, longest=36_500) <= high

    @bounded(max_examples=200, deadline=None)
    @given(days=st.integers(1, 2000), more=st.integers(0, 50), seed=st.text(max_size=8), shortest=st.integers(2, 900))
    def test_a_longer_interval_stays_the_longer_one(self, days: int, more: int, seed: str, shortest: int) -> None:
        drawn = [fuzz.choose(d, seed, shortest=shortest, longest=36_500) for d in (days, days + more)]
        assert drawn == sorted(drawn)

    def test_the_interval_on_the_button_is_the_interval_given(self) -> None:
        memory = replace(learned(), stability=40.0)
        at = NOON + dt.timedelta(days=40)
        offered = preview(memory, at, CLOCK, Settings(), "card")
        for rating in Rating:
            pressed = at + dt.timedelta(minutes=7)
            given = next_state(memory, rating, pressed, CLOCK, Settings(), "card")
            assert given.interval_days == offered[rating].interval_days

    def test_neither_reads_nor_moves_the_global_generator(self) -> None:
        memory, at = replace(learned(), stability=40.0), NOON + dt.timedelta(days=40)
        random.seed(1)
        state = random.getstate()
        one = next_state(memory, 3, at, CLOCK, Settings(), "card")
        assert random.getstate() == state
        random.seed(2)
        assert next_state(memory, 3, at, CLOCK, Settings(), "card") == one

    def test_differs_from_card_to_card_and_from_one_repetition_to_the_next(self) -> None:
        memory, at = replace(learned(), stability=200.0), NOON + dt.timedelta(days=200)
        by_card = {next_state(memory, 3, at, CLOCK, Settings(), str(n)).interval_days for n in range(30)}
        by_repetition = {
            next_state(replace(memory, reps=n), 3, at, CLOCK, Settings(), "card").interval_days for n in range(30)
        }
        assert len(by_card) > 10
        assert len(by_repetition) > 10

    def test_does_not_shrink_a_growing_interval_below_the_days_that_passed(self) -> None:
        memory, at = replace(learned(), stability=30.0), NOON + dt.timedelta(days=33)
        given = {next_state(memory, 2, at, CLOCK, Settings(), str(n)).interval_days for n in range(200)}
        assert min(given) > 33

    def test_prefers_the_emptier_days_of_the_window_but_fills_none_of_them(self) -> None:
        load = {8: 30, 9: 30, 10: 30, 11: 0, 12: 30}
        drawn = Counter(fuzz.choose(10, str(n), longest=36_500, load=load) for n in range(300))
        assert set(drawn) <= {8, 9, 10, 11, 12}
        assert drawn[11] > 250
        even = Counter(fuzz.choose(10, str(n), longest=36_500, load=dict.fromkeys(range(8, 13), 7)) for n in range(300))
        assert min(even.values()) > 30

    def test_leaves_long_intervals_and_a_far_load_alone(self) -> None:
        load = dict.fromkeys(range(150), 9)
        assert fuzz.choose(100, "a", longest=36_500, load=load) == fuzz.choose(100, "a", longest=36_500)


class TestLimits:
    def test_no_card_is_due_after_the_latest_day(self) -> None:
        memory = replace(learned(), stability=300.0)
        at = NOON + dt.timedelta(days=300)
        cap = CLOCK.day(at) + dt.timedelta(days=9)
        settings = Settings(latest=cap)
        due = {next_state(memory, 3, at, CLOCK, settings, str(n)).due_day for n in range(50)}
        assert max(day for day in due if day) == cap
        assert len(due) > 1, "they do not pile up on one day"

    def test_a_latest_day_that_has_come_no_longer_counts(self) -> None:
        memory = next_state(Memory(due=NOON), 3, NOON, CLOCK, replace(BARE, latest=CLOCK.day(NOON)), "card")
        assert memory.interval_days == 2

    def test_an_interval_is_never_longer_than_the_maximum(self) -> None:
        memory = replace(learned(), stability=5000.0)
        at = NOON + dt.timedelta(days=5000)
        for seed in "abcdef":
            given = next_state(memory, 4, at, CLOCK, Settings(maximum_interval_days=365), seed)
            assert given.interval_days <= 365

    @pytest.mark.parametrize("rating", [0, 5, -1])
    def test_a_rating_out_of_range_is_refused(self, rating: int) -> None:
        with pytest.raises(ValueError, match="not a valid Rating"):
            next_state(learned(), rating, NOON, CLOCK, BARE, "card")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"desired_retention": 0.0},
            {"desired_retention": float("nan")},
            {"learning_steps_minutes": (0,)},
            {"relearning_steps_minutes": (-1,)},
            {"maximum_interval_days": 0},
            {"parameters": (1.0, 2.0)},
            {"parameters": (99999.0,) * 21},
        ],
    )
    def test_settings_out_of_range_are_refused_with_a_sentence(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"\.$"):
            Settings(**wrong)  # type: ignore[arg-type]


class TestSteps:
    def test_a_new_card_takes_one_minute_then_ten_then_days(self) -> None:
        first = next_state(Memory(due=NOON), 1, NOON, CLOCK, STEPS, "card")
        second = next_state(first, 3, first.due, CLOCK, STEPS, "card")
        third = next_state(second, 3, second.due, CLOCK, STEPS, "card")
        assert [memory.due - (memory.last_review or NOON) for memory in (first, second)] == [
            dt.timedelta(minutes=1),
            dt.timedelta(minutes=10),
        ]
        assert [memory.state for memory in (first, second, third)] == [State.LEARNING, State.LEARNING, State.REVIEW]

    def test_a_forgotten_card_is_relearned_and_counts_a_lapse(self) -> None:
        memory = next_state(learned(settings=BARE), 1, NOON + dt.timedelta(days=2), CLOCK, STEPS, "card")
        assert (memory.state, memory.lapses, memory.reps) == (State.RELEARNING, 1, 2)
        assert memory.due == NOON + dt.timedelta(days=2, minutes=10)

    def test_hard_on_the_same_day_does_not_shrink_stability_as_an_earlier_py_fsrs_did(self) -> None:
        found = fold([3, 2], [0, 0])
        assert found[-1].stability == pytest.approx(2.3065)


def test_a_memory_and_its_settings_survive_json() -> None:
    memory = fold([1, 3, 3], [0, 0, 1], Settings(latest=dt.date(2026, 6, 1)))[-1]
    assert Memory.from_json(json.loads(json.dumps(memory.as_json()))) == memory
    settings = Settings(parameters=tuple(fsrs.Scheduler().parameters), latest=dt.date(2026, 6, 1), fuzz=False)
    assert Settings.from_json(json.loads(json.dumps(settings.as_json()))) == settings


def test_every_zone_of_the_world_has_a_study_day() -> None:
    for zone in sorted(zoneinfo.available_timezones())[::25]:
        clock = StudyClock(zone, 4)
        assert clock.start_of(clock.day(NOON)) <= NOON
