"""Quizzes that find a level, and questions with clocks of their own."""

import datetime as dt
import random
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from prepsite.accounts.models import User
from quizzes import adaptive, beginning, sessions
from quizzes.ability import DIFFICULTY, Marked, ability, enough, next_level
from quizzes.beginning import Filters
from quizzes.models import QuizSession, SessionItem
from tests.quizzes.factories import ANSWERS, make_question

NOW = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
LEVELS = list(DIFFICULTY)
marks = st.lists(st.builds(Marked, st.sampled_from(LEVELS), st.floats(0, 1)), max_size=12)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# The estimate


def test_without_answers_the_prior_speaks() -> None:
    found = ability([])
    assert found.mean == pytest.approx(0, abs=1e-9)
    assert found.error == pytest.approx(1, abs=1e-3)


@given(marks, st.sampled_from(LEVELS))
def test_a_right_answer_never_lowers_the_estimate(before: list[Marked], level: str) -> None:
    right, wrong = (ability([*before, Marked(level, score)]) for score in (1.0, 0.0))
    assert right.mean > wrong.mean
    assert 0 < right.error <= 1.05


def test_somebody_who_knows_the_basics_and_no_more_is_found() -> None:
    rng = random.Random(7)
    marked: list[Marked] = []
    while len(marked) < 20 and not enough(marked):
        level = next_level(marked, LEVELS)
        marked.append(Marked(level, 1.0 if level == "basic" or rng.random() < 0.1 else 0.0))
    assert enough(marked)
    assert len(marked) < 20
    assert ability(marked).words in ("at basic questions", "at intermediate questions")
    assert ability(marked).mean < 0


@pytest.mark.parametrize(("score", "words"), [(0.0, "below basic questions"), (1.0, "beyond advanced questions")])
def test_who_is_far_off_either_end_is_not_asked_for_ever(score: float, words: str) -> None:
    """How far beyond the last level somebody is stays vague for long; that they are beyond it does not."""
    marked: list[Marked] = []
    while len(marked) < 20 and not enough(marked):
        marked.append(Marked(next_level(marked, LEVELS), score))
    assert 5 <= len(marked) <= 8
    assert (ability(marked).words, ability(marked).sure) == (words, True)
    assert 0.8 <= ability(marked).certainty < 0.9


def test_a_level_below_zero_is_printed_with_a_minus() -> None:
    assert ability([Marked("basic", 0.0)]).place.startswith("−")


@pytest.mark.parametrize(
    ("score", "wanted"), [(1.0, "advanced"), (0.85, "advanced"), (0.7, "intermediate"), (0.3, "basic")]
)
def test_harder_after_right_and_easier_after_wrong(score: float, wanted: str) -> None:
    assert next_level([Marked("intermediate", score)], LEVELS) == wanted


def test_where_a_level_is_used_up_the_nearest_one_comes() -> None:
    assert next_level([Marked("advanced", 1.0)], ["basic", "intermediate"]) == "intermediate"


# The session


def stock() -> None:
    for level in LEVELS:
        for number in range(6):
            make_question("single", f"{level}-{number}", level=level)


def begin(user: User, **extra: Any) -> QuizSession:
    filters = Filters(**({"adaptive": True, "number": 8} | extra))
    return beginning.start(user, filters, timezone.now(), random.Random(1))


@pytest.mark.django_db
def test_an_adaptive_quiz_draws_one_question_at_a_time(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    asked = []
    for position in range(1, 9):
        item = session.items.get(position=position)
        asked.append(item.question.level)
        right = item.question.level != "advanced"
        answer = ANSWERS["single"] if right else {"choice": "nothing"}
        as_alice.post(reverse("quizzes:commit", args=[session.uuid, position]), answer)
        if not session.items.filter(position=position + 1).exists():
            break
    assert asked[:3] == ["intermediate", "advanced", "intermediate"]
    assert len(set(session.items.values_list("question", flat=True))) == len(asked)
    as_alice.post(reverse("quizzes:finish", args=[session.uuid]))
    page = text_of(as_alice.get(reverse("quizzes:result", args=[session.uuid])))
    assert "Your answers put you at intermediate questions" in page or "at advanced questions" in page


@pytest.mark.django_db
def test_it_stops_when_sure_and_at_the_latest_after_its_number(alice: User) -> None:
    stock()
    session = begin(alice, number=3)
    for _ in range(3):
        item = session.items.get(score=None)
        SessionItem.objects.filter(pk=item.pk).update(score=1.0, committed_at=NOW)
        adaptive.draw_next(session, random.Random(1))
    assert session.items.count() == 3
    long = begin(alice, number=18)
    while (item := long.items.filter(score=None).first()) is not None:
        score = 1.0 if item.question.level != "advanced" else 0.0
        SessionItem.objects.filter(pk=item.pk).update(score=score, committed_at=NOW)
        adaptive.draw_next(long, random.Random(1))
    assert 4 <= long.items.count() < 18
    found = adaptive.level_found(long)
    assert found is not None
    assert found.sure


@pytest.mark.django_db
def test_two_tabs_draw_one_question(alice: User) -> None:
    stock()
    session = begin(alice)
    session.items.update(score=1.0, committed_at=NOW)
    assert adaptive.draw_next(session, random.Random(1)) is not None
    assert adaptive.draw_next(session, random.Random(2)) is None
    assert session.items.count() == 2


@pytest.mark.django_db
def test_a_rubric_question_goes_on_when_its_points_are_ticked(as_alice: Client, alice: User) -> None:
    make_question("open", "one", level="intermediate")
    make_question("open", "two", level="advanced")
    session = begin(alice)
    url = reverse("quizzes:commit", args=[session.uuid, 1])
    as_alice.post(url, ANSWERS["open"])
    assert session.items.count() == 1
    as_alice.post(reverse("quizzes:tick", args=[session.uuid, 1]), {"points": ["additive", "gate", "total"]})
    assert session.items.get(position=2).question.level == "advanced"


@pytest.mark.django_db
def test_a_fixed_quiz_is_drawn_at_once_and_nothing_is_added(alice: User) -> None:
    stock()
    session = begin(alice, adaptive=False, number=2)
    session.items.update(score=1.0, committed_at=NOW)
    assert adaptive.draw_next(session, random.Random(1)) is None
    assert (session.items.count(), adaptive.level_found(session)) == (2, None)


@pytest.mark.django_db
def test_nothing_to_ask_is_said(as_alice: Client) -> None:
    response = as_alice.post(reverse("quizzes:new"), {"number": 5, "adaptive": "on"})
    assert "There are no questions here yet" in text_of(response)


# A clock for each question


@pytest.mark.django_db
def test_a_question_with_a_clock_waits_to_be_shown(as_alice: Client, alice: User) -> None:
    make_question("single")
    session = begin(alice, adaptive=False, number=1, seconds=30)
    page = as_alice.get(reverse("quizzes:item", args=[session.uuid, 1]))
    assert "30 seconds for this one" in text_of(page)
    assert "What is the same at all steps" not in text_of(page)
    show = reverse("quizzes:show", args=[session.uuid, 1])
    assert as_alice.get(show).status_code == 405
    as_alice.post(show)
    opened = session.items.get().opened_at
    as_alice.post(show)
    assert session.items.get().opened_at == opened
    assert "the same" in text_of(as_alice.get(reverse("quizzes:item", args=[session.uuid, 1])))


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "late"), [(29, False), (31, True)])
def test_an_answer_after_its_seconds_is_late(after: int, late: bool, alice: User) -> None:
    make_question("single")
    session = begin(alice, adaptive=False, number=1, seconds=30)
    item = session.items.get()
    sessions.show(item, NOW)
    assert sessions.is_late(item, NOW + dt.timedelta(seconds=after)) is late


@pytest.mark.django_db
def test_the_whole_quiz_ends_before_a_question_of_it_can(alice: User) -> None:
    make_question("single")
    session = begin(alice, adaptive=False, number=1, seconds=300, minutes=1)
    item = session.items.get()
    sessions.show(item, session.started_at)
    assert sessions.deadline_of(item) == session.started_at + dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_a_stranger_cannot_start_a_clock(as_bob: Client, alice: User) -> None:
    make_question("single")
    session = begin(alice, adaptive=False, number=1, seconds=30)
    assert as_bob.post(reverse("quizzes:show", args=[session.uuid, 1])).status_code == 404
    assert session.items.get().opened_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", ["9", "3601", "soon", "-1"])
def test_odd_seconds_are_refused_in_words(seconds: str, as_alice: Client) -> None:
    make_question("single")
    response = as_alice.post(reverse("quizzes:new"), {"number": 1, "seconds": seconds})
    assert "leave the field empty for no limit" in text_of(response)
    assert not QuizSession.objects.exists()
