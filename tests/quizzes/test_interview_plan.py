"""The plan to the interview, day by day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.readiness.plan import DayKind, Need, Plan, Work, make_plan, mock_days

CONCEPTS = [Need(f"concept-{number}", 25) for number in range(12)]
LABS = [Need(f"lab-{number}", 30) for number in range(8)]


def a_plan(left: int = 14, minutes: int = 90, *, span: int | None = None, mocks_done: int = 0) -> Plan:
    return make_plan(left=left, span=span or left, minutes=minutes, concepts=CONCEPTS, labs=LABS, mocks_done=mocks_done)


def works(plan: Plan, work: Work) -> list[str]:
    return [part.what for day in plan.days for part in day.parts if part.work is work]


def test_a_fortnight_has_two_mocks_and_tapers_on_the_eve() -> None:
    plan = a_plan()
    kinds = [day.kind for day in plan.days]
    assert [offset for offset, kind in enumerate(kinds) if kind is DayKind.MOCK] == [7, 12]
    assert kinds[-1] is DayKind.TAPER
    assert [part.work for part in plan.days[-1].parts] == [Work.CARDS]


def test_concepts_and_labs_come_in_their_order_and_one_lab_a_day() -> None:
    plan = a_plan()
    assert list(dict.fromkeys(works(plan, Work.LAB))) == [lab.slug for lab in LABS]
    met = list(dict.fromkeys(works(plan, Work.CONCEPT)))
    assert met == [concept.slug for concept in CONCEPTS[: len(met)]]
    assert all(sum(part.work is Work.LAB for part in day.parts) <= 1 for day in plan.days)


def test_a_missed_mock_is_offered_again_every_other_day() -> None:
    assert mock_days(14, 14, 0) == (7, 12)
    assert mock_days(14, 6, 0) == (1, 4)  # it was left aside yesterday: today is for learning
    assert mock_days(14, 5, 0) == (0, 3)
    assert mock_days(14, 6, 1) == (4,)
    assert mock_days(14, 2, 0) == (0,)  # both were missed; the eve stays free
    assert mock_days(14, 1, 0) == ()


def test_a_day_off_is_empty_and_a_mock_gives_way_to_it() -> None:
    plan = make_plan(
        left=14, span=14, minutes=90, concepts=CONCEPTS, labs=LABS, other_minutes={0: 20, 7: 0, 8: 15, 13: 0}
    )
    kinds = [day.kind for day in plan.days]
    assert (kinds[7], kinds[13]) == (DayKind.REST, DayKind.REST)
    assert [offset for offset, kind in enumerate(kinds) if kind is DayKind.MOCK] == [9, 12]
    assert plan.days[0].minutes == 20


def test_the_dates_of_the_mocks_stay_while_the_days_pass() -> None:
    for passed in range(7):
        assert mock_days(14, 14 - passed, 0) == (7 - passed, 12 - passed)


def test_a_short_day_is_a_lab_or_concepts_in_turn() -> None:
    plan = a_plan(minutes=30)
    assert works(plan, Work.LAB)
    assert works(plan, Work.CONCEPT)


def test_a_concept_is_read_on_one_day_and_no_crumb_of_anything_is_begun() -> None:
    plan = make_plan(
        left=10, span=10, minutes=60, concepts=[Need(f"c-{number}", 15) for number in range(20)], labs=LABS
    )
    parts = [part for day in plan.days for part in day.parts]
    met = [part.what for part in parts if part.work is Work.CONCEPT]
    assert len(met) == len(set(met))
    assert all(part.minutes >= 9 for part in parts if part.work in {Work.CONCEPT, Work.LAB})


def test_time_that_nothing_else_needs_goes_to_the_cards() -> None:
    plan = make_plan(left=5, span=5, minutes=60, concepts=[], labs=[])
    assert [day.card_minutes for day in plan.days] == [50, 50, 50, 15, 30]


@pytest.mark.parametrize("left", [0, 1, 2])
def test_hardly_any_time_is_still_a_plan(left: int) -> None:
    plan = a_plan(left=left)
    assert len(plan.days) == left
    assert all(day.kind is not DayKind.MOCK for day in plan.days)


@given(
    left=st.integers(0, 60),
    extra=st.integers(0, 30),
    minutes=st.integers(5, 600),
    done=st.integers(0, 2),
    lengths=st.lists(st.integers(5, 120), max_size=20),
)
def test_no_day_holds_more_than_its_minutes(left: int, extra: int, minutes: int, done: int, lengths: list[int]) -> None:
    needs = [Need(str(number), length) for number, length in enumerate(lengths)]
    plan = make_plan(left=left, span=left + extra, minutes=minutes, concepts=needs, labs=needs, mocks_done=done)
    for day in plan.days:
        assert day.minutes <= minutes
        assert all(part.minutes > 0 for part in day.parts)
    for work in (Work.CONCEPT, Work.LAB):
        parts = [part for day in plan.days for part in day.parts if part.work is work]
        for need in needs:
            mine = [part for part in parts if part.what == need.slug]
            assert sum(part.minutes for part in mine) <= need.minutes
            if work is Work.LAB and mine and not mine[-1].goes_on:
                assert sum(part.minutes for part in mine) == need.minutes
