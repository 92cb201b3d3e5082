"""The bridge: today's steps, the map of topics, and what a lab mistake means for the cards."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from codelabs.models import Lab, Submission
from prepsite import study
from prepsite.accounts.models import User
from quizzes.models import Concept, Flashcard, Guide, Misconception, Question, QuizSession, SessionItem, Topic
from quizzes.review_queue import queue
from quizzes.reviewing import record_review

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)


def topic(slug: str = "recurrent-networks", code: str = "M6", order: int = 6) -> Topic:
    return Topic.objects.create(slug=slug, code=code, title=slug.title(), summary="…", order=order)


def question(on: Topic, slug: str, **extra: Any) -> Question:
    fields = {"title": slug, "kind": "open", "level": "basic", "prompt": "?", "answer_short": "!"} | extra
    return Question.objects.create(topic=on, slug=slug, **fields)


def flashcard(on: Topic, slug: str, **extra: Any) -> Flashcard:
    return Flashcard.objects.create(topic=on, slug=slug, front="?", back="!", **extra)


def guide(on: Topic) -> Guide:
    return Guide.objects.create(topic=on, slug=f"on-{on.slug}", title="…", body="…")


def lab(slug: str, number: int, **extra: Any) -> Lab:
    fields = {
        "title": slug,
        "summary": "…",
        "topic": "recurrent-networks",
        "level": "basic",
        "runtime": "numpy",
    } | extra
    return Lab.objects.create(slug=slug, number=number, entry="f", statement="…", **fields)


def submitted(user: User | None, to: Lab, verdict: str, at: dt.datetime = NOON, **extra: Any) -> Submission:
    return Submission.objects.create(
        user=user,
        visitor="" if user else "someone",
        lab=to,
        lab_version=1,
        kind="submit",
        source="def f(): ...",
        status="finished",
        verdict=verdict,
        created_at=at,
        finished_at=at,
        **extra,
    )


def answered(user: User, *questions: Question, finished: bool = True) -> QuizSession:
    session = QuizSession.objects.create(user=user, started_at=NOON, finished_at=NOON if finished else None)
    for position, asked in enumerate(questions, 1):
        SessionItem.objects.create(
            session=session, position=position, question=asked, question_version=1, committed_at=NOON, answer={}
        )
    return session


def today_of(user: User) -> study.Today:
    return study.today(user, NOON, study.lab_shelf(user))


def map_of(user: User) -> list[study.TopicRow]:
    return study.topic_map(user, NOON, study.lab_shelf(user))


# Today


def test_a_new_learner_starts_with_cards_then_a_quiz_then_the_first_lab(alice: User) -> None:
    m6 = topic()
    flashcard(m6, "one")
    question(m6, "q")
    lab("rnn-cell", 23)
    lab("lstm-step", 28, prerequisites=["rnn-cell"])
    today = today_of(alice)
    assert [step.kind for step in today.steps] == ["review", "quiz", "lab"]
    assert today.next is not None
    assert today.next.action == "Start with 1 card"
    assert today.steps[2].label == "rnn-cell"
    assert today.minutes == sum(step.minutes for step in today.steps)


def test_cards_are_counted_once_however_often_they_were_rated(alice: User) -> None:
    m6 = topic()
    clock = study.clock_of(alice)
    for n in range(3):
        card = flashcard(m6, f"card-{n}", order=n)
        for version in range(2 if n else 1):
            at = NOON + dt.timedelta(minutes=version)
            record_review(alice, card, 1, at, clock, event_id=uuid.uuid4(), version=version)
    flashcard(m6, "fresh", order=9)
    today = today_of(alice)
    assert today.done == ["Reviewed 3 cards"]
    assert (today.steps[0].label, today.steps[0].action) == ("1 new card, 3 to repeat", "Go on with 4 cards")


def mock(user: User, at: dt.datetime, **extra: Any) -> QuizSession:
    script = {"minutes": 45, "role": "engineer", "level": "basic", "spoken": False, "stages": []}
    return QuizSession.objects.create(user=user, kind="mock", started_at=at, script=script, **extra)


def test_a_mock_interview_that_was_taken_today_is_done(alice: User) -> None:
    asked = question(topic(), "asked")
    for end in (NOON - dt.timedelta(days=1), NOON, NOON):
        taken = mock(alice, end, finished_at=end)
        SessionItem.objects.create(
            session=taken, question=asked, question_version=1, position=1, committed_at=end, score=1
        )
    assert today_of(alice).done == ["Took 2 mock interviews"]
    SessionItem.objects.filter(session=taken).update(committed_at=None)
    assert today_of(alice).done == ["Took 1 mock interview"], "one that was ended with nothing answered does not count"


def test_a_mock_interview_that_was_left_yesterday_is_offered_and_one_left_long_ago_is_not(alice: User) -> None:
    mock(alice, NOON - dt.timedelta(days=9))
    assert today_of(alice).steps == []
    left = mock(alice, NOON - dt.timedelta(days=1))
    (step,) = today_of(alice).steps
    assert (step.label, step.url, step.state) == (
        "Mock interview to continue",
        left.get_absolute_url(),
        study.StepState.EXTRA,
    )
    assert today_of(alice).minutes == 0, "nobody has to"


def test_there_is_exactly_one_next_step(alice: User) -> None:
    flashcard(topic(), "one")
    lab("rnn-cell", 23)
    states = [step.state for step in today_of(alice).steps]
    assert states.count(study.StepState.NEXT) == 1
    assert states[0] is study.StepState.NEXT


def test_a_site_without_content_has_no_steps(alice: User) -> None:
    today = today_of(alice)
    assert today.steps == []
    assert today.next is None


def test_a_passed_lab_gives_way_to_the_next_and_is_shown_as_done(alice: User) -> None:
    first, second = lab("rnn-cell", 23), lab("lstm-step", 28, prerequisites=["rnn-cell"])
    submitted(alice, first, "passed")
    today = today_of(alice)
    assert today.steps[-1].label == second.title
    assert "Passed the lab “rnn-cell”" in today.done


def test_a_lab_passed_yesterday_is_not_done_today(alice: User) -> None:
    submitted(alice, lab("rnn-cell", 23), "passed", at=NOON - dt.timedelta(days=1))
    assert today_of(alice).done == []


def test_a_lab_that_was_tried_is_offered_before_an_easier_one(alice: User) -> None:
    lab("rnn-cell", 23)
    submitted(alice, lab("lstm-step", 28), "failed")
    step = today_of(alice).steps[-1]
    assert (step.label, step.note) == ("lstm-step", "not passed yet")


def test_an_unfinished_quiz_is_continued_and_not_begun_again(alice: User) -> None:
    m6 = topic()
    session = answered(alice, question(m6, "q1"), finished=False)
    SessionItem.objects.create(session=session, position=2, question=question(m6, "q2"), question_version=1)
    step = today_of(alice).steps[0]
    assert step.label == "Quiz to continue: 1 of 2 answered"
    assert step.url == session.get_absolute_url()


def test_a_quiz_whose_clock_runs_comes_first_and_says_how_long(alice: User) -> None:
    m6 = topic()
    flashcard(m6, "one")
    session = answered(alice, question(m6, "q1"), finished=False)
    for position in range(2, 7):
        asked = question(m6, f"q{position}")
        SessionItem.objects.create(session=session, position=position, question=asked, question_version=1)
    answered(alice, question(m6, "later"), finished=False)
    session.deadline = NOON + dt.timedelta(minutes=8, seconds=20)
    session.save()
    today = today_of(alice)
    assert [step.kind for step in today.steps] == ["quiz", "review"]
    assert today.next is not None
    assert (today.next.label, today.next.minutes) == ("Quiz to continue: 1 of 6 answered, 9 min left", 9)
    assert today.next.url == session.get_absolute_url()


def test_a_quiz_whose_time_is_over_waits_in_its_place(alice: User) -> None:
    m6 = topic()
    flashcard(m6, "one")
    session = answered(alice, question(m6, "q1"), finished=False)
    session.deadline = NOON - dt.timedelta(minutes=1)
    session.save()
    assert [step.label for step in today_of(alice).steps] == ["1 new card", "Quiz to continue: 1 of 1 answered"]


def test_after_a_quiz_and_a_lab_more_is_extra_and_the_minutes_go_down(alice: User) -> None:
    m6 = topic()
    asked = question(m6, "q")
    flashcard(m6, "one")
    first, _ = lab("rnn-cell", 23), lab("lstm-step", 28)
    before = today_of(alice).minutes
    answered(alice, asked)
    after_quiz = today_of(alice)
    submitted(alice, first, "passed")
    after_lab = today_of(alice)
    assert before > after_quiz.minutes > after_lab.minutes == 1
    assert [(step.kind, step.state.value) for step in after_lab.steps] == [
        ("review", "next"),
        ("quiz", "extra"),
        ("lab", "extra"),
    ]
    tomorrow = study.today(alice, NOON + dt.timedelta(days=1), study.lab_shelf(alice))
    assert not [step for step in tomorrow.steps if step.state is study.StepState.EXTRA]


def test_with_extras_alone_the_day_is_done(alice: User, as_alice: Client) -> None:
    asked = question(topic(), "q")
    answered(alice, asked)
    assert today_of(alice).next is None
    assert today_of(alice).minutes == 0
    QuizSession.objects.update(finished_at=timezone.now())
    page = as_alice.get("/").content.decode()
    assert "That is all for today." in page
    assert "if you like" in page


def test_the_first_lab_comes_from_a_topic_that_is_taught(alice: User) -> None:
    topic("losses", "M2", 2)
    m6 = topic()
    lab("softmax", 1, topic="losses")
    lab("bptt", 20, prerequisites=["rnn-cell"])
    lab("rnn-cell", 23)
    assert today_of(alice).steps[0].label == "softmax", "nothing is taught yet"
    guide(m6)
    assert today_of(alice).steps[0].label == "softmax", "a guide alone does not teach"
    question(m6, "q")
    assert today_of(alice).steps[-1].label == "rnn-cell"


def test_the_concepts_shown_are_those_of_the_next_lab_or_latest_answer_or_first_guide(alice: User) -> None:
    def shown() -> str:
        rows = [row for row in map_of(alice) if not row.is_empty]
        page = study.focus(rows, alice, NOON, study.lab_shelf(alice))
        return page.row.topic.slug if page else "none"

    assert shown() == "none"
    early, middle, late = topic("early", "M1", 1), topic("middle", "M2", 2), topic("late", "M3", 3)
    question(early, "e")
    assert shown() == "early"
    guide(middle)
    assert shown() == "middle"
    answered(alice, question(late, "l"))
    assert shown() == "late"
    lab("one", 1, topic="early")
    assert shown() == "early"


def test_the_greeting_follows_the_learners_own_clock(alice: User, bob: User) -> None:
    bob.zone = "America/Los_Angeles"
    assert today_of(alice).greeting == "Good afternoon"
    assert today_of(bob).greeting == "Good morning"


# Topics


def test_the_map_counts_what_there_is_and_what_was_met(alice: User, bob: User) -> None:
    m6 = topic()
    questions = [question(m6, f"q{n}") for n in range(3)]
    question(m6, "draft", status="draft")
    flashcard(m6, "one")
    labs = [lab("rnn-cell", 23), lab("lstm-step", 28)]
    answered(alice, questions[0])
    answered(alice, questions[0], questions[1])
    answered(bob, questions[2])
    submitted(alice, labs[0], "passed")
    submitted(alice, labs[0], "passed")
    submitted(alice, labs[1], "failed")
    (row,) = map_of(alice)
    assert (row.answered, row.questions) == (2, 3)
    assert (row.cards_seen, row.cards) == (0, 1)
    assert (row.labs_passed, row.labs) == (1, 2)


def test_what_is_no_longer_offered_does_not_count_as_met(alice: User) -> None:
    m6 = topic()
    kept, gone = question(m6, "kept"), question(m6, "gone")
    answered(alice, kept, gone)
    submitted(alice, lab("old", 90, status="retired"), "passed")
    gone.status = "retired"
    gone.save()
    (row,) = map_of(alice)
    assert (row.answered, row.questions, row.labs_passed, row.labs) == (1, 1, 0, 0)
    assert row.met <= row.size


def test_the_map_costs_the_same_number_of_queries_for_one_topic_and_for_ten(
    alice: User, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    topic("t0", "T0", 0)
    with CaptureQueriesContext(connection) as few:
        map_of(alice)
    for n in range(1, 11):
        question(topic(f"t{n}", f"T{n}", n), f"q{n}")
    with django_assert_num_queries(len(few)):
        map_of(alice)


def test_a_concept_row_collects_questions_by_performance_and_labs_under_code(alice: User) -> None:
    m6 = topic()
    lstm = Concept.objects.create(slug="lstm", topic=m6, title="LSTM")
    say, debug = question(m6, "say"), question(m6, "debug", performance="debug")
    say.concepts.add(lstm)
    debug.concepts.add(lstm)
    submitted(alice, lab("lstm-step", 28, concepts=["lstm"]), "passed")
    (row,) = study.topic_page(m6, alice, NOON).concepts
    assert [[item.title for item in cell.items] for cell in row.cells] == [["say"], [], ["lstm-step"], ["debug"]]
    assert [cell.summary.words for cell in row.cells] == ["new", "new", "answered", "new"]


def test_a_topic_sums_up_how_many_ways_of_its_concepts_stand_how_and_counts_no_empty_one(alice: User) -> None:
    m6 = topic()
    concepts = [Concept.objects.create(slug=slug, topic=m6, title=slug) for slug in ("lstm", "gru")]
    say, derive = question(m6, "say"), question(m6, "derive", performance="derive")
    say.concepts.set(concepts)
    derive.concepts.add(concepts[0])
    submitted(alice, lab("lstm-step", 28, concepts=["lstm"]), "passed")
    page = study.topic_page(m6, alice, NOON)
    assert page.tally == [("good", 1), ("new", 3)]
    assert page.ways == 4


def test_a_concept_without_a_memory_stands_by_its_latest_answers_and_shows_no_number(alice: User) -> None:
    m6 = topic()
    lstm = Concept.objects.create(slug="lstm", topic=m6, title="LSTM")
    questions = [question(m6, "one"), question(m6, "two"), question(m6, "three")]
    for one in questions:
        one.concepts.add(lstm)
    for session, scores in ((answered(alice, *questions[:2]), (0.0, 0.4)), (answered(alice, questions[0]), (1.0,))):
        for item, score in zip(session.items.all(), scores, strict=True):
            item.score = score
            item.save()
    cell = study.topic_page(m6, alice, NOON).concepts[0].cells[0]
    assert (cell.done, len(cell.items)) == (2, 3)
    assert (cell.summary.words, cell.summary.standing) == ("answered", "shaky")
    assert [(item.words, item.standing) for item in cell.items] == [
        ("answered", "good"),
        ("new", "new"),
        ("answered", "weak"),
    ]


def test_mastery_is_the_recall_predicted_for_the_cards(alice: User) -> None:
    m6 = topic()
    lstm = Concept.objects.create(slug="lstm", topic=m6, title="LSTM")
    asked = question(m6, "one")
    asked.concepts.add(lstm)
    for slug in ("first", "second"):
        flashcard(m6, slug, question=asked)
    clock = study.clock_of(alice)
    first = Flashcard.objects.get(slug="first")
    record_review(alice, first, 4, NOON, clock, event_id=uuid.uuid4(), version=0)
    later = NOON + dt.timedelta(days=30)
    (today,), (then,) = (study.topic_page(m6, alice, at).concepts[0].cells[0].items for at in (NOON, later))
    # One of two cards is remembered surely today, and fades.
    assert today.recall == pytest.approx(0.5, abs=1e-6)
    assert today.words == "weak 50 %"
    assert then.recall is not None
    assert 0.3 < then.recall < 0.5


def test_a_lab_that_was_only_tried_is_weak_not_done(alice: User) -> None:
    m6 = topic()
    Concept.objects.create(slug="lstm", topic=m6, title="LSTM")
    submitted(alice, lab("lstm-step", 28, concepts=["lstm"]), "failed")
    assert study.topic_page(m6, alice, NOON).concepts[0].cells[2].summary.standing == "weak"


# Labs


def swapped(on: Topic) -> Misconception:
    return Misconception.objects.create(
        slug="gates-swapped", topic=on, belief="Order is free.", correction="No.", correction_html="<p>No.</p>"
    )


def test_a_recognised_mistake_brings_its_card_to_the_front_of_the_queue(alice: User) -> None:
    m6 = topic()
    swapped(m6)
    for n in range(3):
        flashcard(m6, f"other-{n}", order=n)
    card = flashcard(m6, "gate-order", misconception="gates-swapped", order=9)
    told = study.lab_graded(submitted(alice, lab("lstm-step", 28), "failed", misconception="gates-swapped"))
    assert told["belief"] == "Order is free."
    assert told["cards"] == ["gate-order"]
    waiting = queue(alice, NOON, study.clock_of(alice))
    assert waiting.next is not None
    assert waiting.next.flashcard == card


def test_a_mistake_of_a_visitor_is_explained_and_touches_no_cards(db: None) -> None:
    m6 = topic()
    swapped(m6)
    flashcard(m6, "gate-order", misconception="gates-swapped")
    told = study.lab_graded(submitted(None, lab("rnn-cell", 23), "failed", misconception="gates-swapped"))
    assert told["belief"] == "Order is free."
    assert told["cards"] == []


def test_a_verdict_without_a_diagnosis_names_the_questions_of_the_lab(alice: User) -> None:
    m6, cell = topic(), lab("rnn-cell", 23)
    unknown = str(uuid.uuid4())[:8]
    assert study.lab_graded(submitted(alice, cell, "failed", misconception=unknown)) == {}, "there are none yet"
    question(m6, "what-is-an-rnn")
    cell.questions = ["what-is-an-rnn"]
    cell.save()
    for verdict, misconception in (("failed", unknown), ("failed", "")):
        told = study.lab_graded(submitted(alice, cell, verdict, misconception=misconception))
        assert [one["url"] for one in told["questions"]] == ["/questions/what-is-an-rnn/"]
        assert set(told) == {"questions"}
    assert "questions" not in study.lab_graded(submitted(alice, cell, "error"))
