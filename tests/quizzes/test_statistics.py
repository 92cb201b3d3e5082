"""Progress by topic, from answers and cards."""

import datetime as dt
import random
import uuid
from typing import Any

import pytest

from prepsite.accounts.models import User
from prepsite.lib.versioned import Status
from quizzes import beginning, sessions, statistics
from quizzes.beginning import Filters
from quizzes.drawn import as_drawn
from quizzes.models import Flashcard, Question
from quizzes.reviewing import record_review
from quizzes.scheduling import StudyClock
from tests.quizzes.factories import ANSWERS, make_flashcard, make_question, make_topic

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
CLOCK = StudyClock("Europe/Berlin", 4)


def answer(user: User, question: Question, given: dict[str, Any], at: dt.datetime = AT) -> None:
    number = beginning.attempts(user, question).count()
    item = beginning.open_attempt(user, question, number, at)
    sessions.commit(item, as_drawn(item), given, at)


def test_a_new_learner_has_answered_nothing_of_everything(alice: User) -> None:
    make_question("single")
    make_topic("convolution")
    progress = statistics.progress_by_topic(alice, AT, CLOCK)
    assert list(progress) == ["convolution", "recurrent-networks"]
    rnn = progress["recurrent-networks"]
    assert (rnn.all.questions, rnn.all.answered, rnn.all.mean_score, rnn.standing) == (1, 0, None, "new")
    assert rnn.sentence == "0 of 1 questions answered"


def test_the_mean_is_over_the_latest_answer_to_each_question(alice: User) -> None:
    single, multiple = make_question("single"), make_question("multiple")
    answer(alice, single, {"choice": "state"})
    answer(alice, single, ANSWERS["single"], AT + dt.timedelta(days=1))
    answer(alice, multiple, {"choices": ["gates"]})
    rnn = statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"]
    assert (rnn.all.answered, rnn.all.mean_score, rnn.standing) == (2, 0.75, "shaky")
    assert rnn.sentence == "2 of 2 questions answered, mean score 75 %"


def test_an_answer_that_waits_for_its_ticks_is_answered_but_has_no_score(alice: User) -> None:
    answer(alice, make_question("open"), ANSWERS["open"])
    rnn = statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"]
    assert (rnn.all.answered, rnn.all.mean_score) == (1, None)


def test_say_derive_code_and_debug_are_counted_apart(alice: User) -> None:
    make_question("single", performance="say")
    answer(alice, make_question("bug", performance="debug"), ANSWERS["bug"])
    kinds = statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"].by_performance
    assert list(kinds) == ["say", "derive", "code", "debug"]
    assert (kinds["say"].questions, kinds["say"].answered) == (1, 0)
    assert (kinds["debug"].answered, kinds["debug"].standing) == (1, "good")
    assert kinds["code"].questions == 0


def test_retired_questions_count_neither_above_nor_below(alice: User) -> None:
    question = make_question("single")
    answer(alice, question, ANSWERS["single"])
    Question.objects.filter(pk=question.pk).update(status=Status.RETIRED)
    rnn = statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"]
    assert (rnn.all.questions, rnn.all.answered) == (0, 0)


def rate(user: User, flashcard: Flashcard, rating: int, at: dt.datetime) -> None:
    record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=0)


def test_cards_that_wait_are_counted(alice: User, bob: User) -> None:
    long_ago = AT - dt.timedelta(days=60)
    rate(alice, make_flashcard("a"), 4, long_ago)
    rate(alice, make_flashcard("b"), 4, AT - dt.timedelta(hours=1))
    rate(bob, make_flashcard("c"), 4, long_ago)
    cards = statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"].cards
    assert (cards.total, cards.started, cards.due) == (3, 2, 1)


def test_nobody_elses_answers_count(alice: User, bob: User) -> None:
    answer(bob, make_question("single"), ANSWERS["single"])
    assert statistics.progress_by_topic(alice, AT, CLOCK)["recurrent-networks"].all.answered == 0


def test_progress_costs_six_queries_however_much_there_is(alice: User, django_assert_num_queries: Any) -> None:
    for number in range(4):
        question = make_question("single", f"q-{number}", topic=make_topic(f"topic-{number}"))
        answer(alice, question, ANSWERS["single"])
        make_flashcard(f"card-{number}", topic=question.topic)
    beginning.start(alice, Filters(), AT, random.Random(1))
    with django_assert_num_queries(6):
        statistics.progress_by_topic(alice, AT, CLOCK)
