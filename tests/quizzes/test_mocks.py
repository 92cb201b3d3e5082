"""Mock interviews: a script of stages, follow-ups that depend on the points, and a report that adds up."""

import datetime as dt
import random
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from codelabs.models import Lab, Reveal, Submission
from prepsite import study
from prepsite.accounts.models import User
from quizzes import sessions
from quizzes.asked import Further
from quizzes.drawn import as_drawn
from quizzes.mocks import conducting, drawing, report
from quizzes.mocks.drawing import LabOffer, Wish
from quizzes.mocks.follow_ups import follow_ups
from quizzes.mocks.scores import Score
from quizzes.mocks.script import FOLLOW_UP_MINUTES, LENGTHS, LabOutcome, StageKind
from quizzes.models import Card, Concept, Flashcard, Question, QuizSession, Review, SessionItem
from quizzes.roles import ROLES, Role
from tests.prepsite.test_study import lab, submitted
from tests.quizzes.factories import make_flashcard, make_question, make_topic

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
ALL_POINTS = ["additive", "gate", "total", "clip"]


def no_labs() -> list[LabOffer]:
    return []


def stock() -> None:
    """One question for every stage."""
    make_question("open", "warm", level="basic")
    make_question("open", "depth", level="intermediate", html=_html("depth"))
    make_question("derive", "derive", level="intermediate")
    make_question("bug", "bug", level="intermediate", minutes=13)
    make_question("open", "design", level="intermediate", facet="system")


def _html(slug: str) -> dict[str, Any]:
    return {
        "prompt": f"<p>{slug}</p>",
        "answer_short": "<p>short</p>",
        "answer_long": "<p>long</p>",
        "follow_ups": [{"text": text, "answer": f"<p>To the {text}.</p>"} for text in ("first", "second", "hardest")],
    }


def begin(
    user: User,
    minutes: int = 45,
    *,
    role: str = "engineer",
    seed: int = 1,
    labs: Callable[[], Sequence[LabOffer]] = no_labs,
    at: dt.datetime = NOW,
) -> QuizSession:
    wish = Wish(minutes, role, "intermediate")
    return drawing.start(user, wish, at, random.Random(seed), labs, session_id=uuid.uuid4())


def begin_with_lab(user: User) -> QuizSession:
    """An interview whose fourth stage is a lab."""
    offer = LabOffer("rnn-cell", "RNN cell", "recurrent-networks", "intermediate", 15)
    drawn = (begin(user, seed=seed, labs=lambda: [offer]) for seed in range(9))
    return next(one for one in drawn if conducting.script_of(one).stages[3].lab)


def kinds(session: QuizSession) -> list[str]:
    return [stage.kind.value for stage in conducting.script_of(session).stages]


def url(name: str, session: QuizSession, *args: int) -> str:
    return reverse(f"quizzes:{name}", args=[session.uuid, *args])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def number_of(session: QuizSession, kind: StageKind) -> int:
    return kinds(session).index(kind) + 1


def item_of(session: QuizSession, kind: StageKind) -> SessionItem:
    stage = conducting.script_of(session).stages[number_of(session, kind) - 1]
    return session.items.get(position=stage.position)


# The script


@pytest.mark.parametrize("minutes", LENGTHS)
def test_the_stages_of_an_interview_add_up_to_its_length(minutes: int, alice: User) -> None:
    stock()
    session = begin(alice, minutes)
    script = conducting.script_of(session)
    assert kinds(session) == ["warm-up", "depth", "derive", "code", "design"]
    assert sum(stage.minutes for stage in script.stages) == minutes
    assert session.items.count() == 5


def test_no_question_comes_twice_and_the_next_interview_asks_others(alice: User) -> None:
    stock()
    make_question("open", "depth-two", level="intermediate")
    first, second = begin(alice), begin(alice, seed=1)
    asked = [item_of(one, StageKind.DEPTH).question.slug for one in (first, second)]
    assert sorted(asked) == ["depth", "depth-two"]


def test_a_bug_takes_less_time_than_a_lab_and_the_rest_goes_to_depth_and_design(alice: User) -> None:
    stock()
    Question.objects.filter(slug="bug").update(minutes=4)
    stages = {stage.kind: stage.minutes for stage in conducting.script_of(begin(alice)).stages}
    assert (stages[StageKind.CODE], stages[StageKind.DEPTH], stages[StageKind.DESIGN]) == (6, 11 + 4, 9 + 5)
    with_lab = begin(
        alice, labs=lambda: [LabOffer("rnn-cell", "RNN", "recurrent-networks", "intermediate", 15)], seed=3
    )
    lab = conducting.script_of(with_lab).stages[3]
    assert (lab.lab, lab.minutes) == ("rnn-cell", 15)


def test_an_interview_goes_from_one_concept_to_another(alice: User) -> None:
    stock()
    gates = Concept.objects.create(slug="gates", title="Gates", topic=make_topic())
    for question in (Question.objects.get(slug="depth"), make_question("derive", "gates", level="intermediate")):
        question.concepts.add(gates)
    assert {item_of(begin(alice, seed=seed), StageKind.DERIVE).question.slug for seed in range(6)} == {"derive"}
    Question.objects.filter(slug="derive").update(status="retired")
    assert item_of(begin(alice, seed=9), StageKind.DERIVE).question.slug == "gates", "better one twice than none"


def test_a_role_that_does_not_care_for_a_topic_is_not_asked_about_it(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_question("open", "here", level="intermediate")
    make_question("open", "there", level="intermediate", topic=make_topic("system-design"))
    monkeypatch.setitem(ROLES, "engineer", Role("engineer", "Engineer", {"system-design": 0}))
    drawn = [item_of(begin(alice, seed=seed), StageKind.DEPTH).question.slug for seed in range(9)]
    assert set(drawn) == {"here"}


def test_a_stage_for_which_nothing_is_published_is_left_out(alice: User) -> None:
    make_question("open", "depth", level="intermediate")
    assert "derive" not in kinds(begin(alice))


def test_nothing_published_is_said(as_alice: Client) -> None:
    response = as_alice.post(
        reverse("quizzes:mocks"), {"minutes": 45, "role": "engineer", "level": "basic", "spoken": "typed"}
    )
    assert response.status_code == 422
    assert "Nothing has been published" in text_of(response)


def test_a_lab_that_fits_its_stage_may_be_one(alice: User) -> None:
    stock()
    lab = LabOffer("rnn-cell", "RNN cell", "recurrent-networks", "intermediate", 15)
    stages = [conducting.script_of(begin(alice, seed=seed, labs=lambda: [lab])).stages[3] for seed in range(20)]
    assert {stage.lab for stage in stages} == {"", "rnn-cell"}
    long = LabOffer("bptt", "BPTT", "recurrent-networks", "intermediate", 45)
    assert not any(
        conducting.script_of(begin(alice, seed=seed, labs=lambda: [long])).stages[3].lab for seed in range(9)
    )


def code_stages(user: User, offers: Sequence[LabOffer], *, level: str = "intermediate") -> list[str]:
    """The labs of twenty interviews, each as if it were the learner's next; an empty string for a bug."""
    labs = []
    for seed in range(20):
        with transaction.atomic():
            wish = Wish(45, "engineer", level)
            drawn = drawing.start(user, wish, NOW, random.Random(seed), lambda: offers, session_id=uuid.uuid4())
            labs.append(conducting.script_of(drawn).stages[3].lab)
            transaction.set_rollback(True)
    return labs


def test_no_lab_comes_twice_in_mocks_nor_one_that_was_passed(alice: User) -> None:
    """The editor would open with the code that passed."""
    stock()
    begin_with_lab(alice)  # it has the RNN cell
    cell = LabOffer("rnn-cell", "RNN cell", "recurrent-networks", "intermediate", 15)
    clip = replace(cell, slug="clip", title="Clip")
    assert set(code_stages(alice, [cell, clip])) == {"", "clip"}
    assert set(code_stages(alice, [cell, replace(clip, known=True)])) == {""}


def test_a_lab_is_at_most_one_level_away_and_of_the_wished_one_where_it_can_be(alice: User) -> None:
    stock()
    basic = LabOffer("basic", "Basic", "recurrent-networks", "basic", 15)
    advanced = replace(basic, slug="advanced", level="advanced")
    assert set(code_stages(alice, [basic], level="advanced")) == {""}
    assert set(code_stages(alice, [basic], level="intermediate")) == {"", "basic"}
    assert set(code_stages(alice, [basic, advanced], level="basic")) == {"", "basic"}


def test_a_lab_is_about_something_else_than_the_questions(alice: User) -> None:
    stock()
    gates = Concept.objects.create(slug="gates", title="Gates", topic=make_topic())
    Question.objects.get(slug="depth").concepts.add(gates)
    cell = LabOffer("rnn-cell", "RNN cell", "recurrent-networks", "intermediate", 15, ("gates",))
    assert set(code_stages(alice, [cell, replace(cell, slug="clip", concepts=("clipping",))])) == {"", "clip"}
    assert set(code_stages(alice, [cell])) == {"", "rnn-cell"}, "better the same concept than none"


def test_labs_are_offered_with_what_the_learner_passed(alice: User, bob: User) -> None:
    cell = lab("rnn-cell", 1, concepts=["gates"])
    submitted(bob, cell, "passed")
    assert [(one.concepts, one.known) for one in study.mock_labs(alice)] == [(("gates",), False)]
    submitted(alice, cell, "failed")
    assert not study.mock_labs(alice)[0].known
    submitted(alice, cell, "passed")
    assert study.mock_labs(alice)[0].known
    Reveal.objects.record(bob, lab("lstm-step", 2), NOW)
    assert [one.known for one in study.mock_labs(bob)] == [True, True]


def test_a_bug_comes_before_a_program_to_read(alice: User) -> None:
    stock()
    Question.objects.filter(slug="bug").update(performance="debug")
    make_question("output", "output", level="intermediate", performance="code")
    assert [item_of(begin(alice), StageKind.CODE).question.slug for _ in range(3)] == ["bug", "output", "bug"]


def test_a_question_is_asked_that_can_be_answered_in_its_stage(alice: User) -> None:
    """A design of half an hour is nothing for four minutes, and a short one nothing for nine."""
    stock()
    Question.objects.filter(slug="design").update(minutes=6)
    make_question("open", "whole", level="intermediate", facet="system", minutes=30)
    drawn = {minutes: item_of(begin(alice, minutes), StageKind.DESIGN).question.slug for minutes in (20, 45)}
    assert drawn == {20: "design", 45: "whole"}


def test_what_a_bug_leaves_goes_to_a_design_as_long_as_it_can_use_it(alice: User) -> None:
    stock()
    Question.objects.filter(slug="bug").update(minutes=4)
    Question.objects.filter(slug="design").update(minutes=16)
    stages = {stage.kind: stage.minutes for stage in conducting.script_of(begin(alice)).stages}
    assert (stages[StageKind.CODE], stages[StageKind.DEPTH], stages[StageKind.DESIGN]) == (6, 11 + 1, 9 + 7 + 1)


def test_sent_twice_it_is_one_interview(alice: User) -> None:
    stock()
    name = uuid.uuid4()
    wish = Wish(20, "engineer", "basic")
    first, again = (drawing.start(alice, wish, NOW, random.Random(n), no_labs, session_id=name) for n in range(2))
    assert first == again


# Answering and following up


def answered(session: QuizSession, kind: StageKind, points: Sequence[str], *, after: int = 60) -> SessionItem:
    item = item_of(session, kind)
    number = number_of(session, kind)
    script = conducting.script_of(session)
    stage = script.stages[number - 1]
    asked = conducting_asked(item)
    conducting.open_stage(session, item, number, NOW)
    at = NOW + dt.timedelta(seconds=after)
    conducting.answer(item, asked, script.minutes_to_answer(stage), {"text": "The path is additive."}, at)
    conducting.score(item, asked, stage, 3, points, ["answer-first"], at)
    return item


def conducting_asked(item: SessionItem) -> Any:
    return as_drawn(item)


def test_a_must_have_that_was_missed_is_probed_by_the_belief_behind_it(alice: User) -> None:
    stock()
    item = answered(begin(alice), StageKind.DEPTH, ["gate"])
    asked = conducting.asked_next(item)
    assert (asked[0].source, asked[0].text_html) == ("belief", "An LSTM never loses gradient.")
    assert "fades" in asked[0].wanted_html
    assert [one.text_html for one in asked[1:]] == ["first", "second"]


def test_who_left_nothing_out_is_asked_the_hardest(alice: User) -> None:
    stock()
    item = answered(begin(alice), StageKind.DEPTH, ["additive", "gate"])
    assert [one.text_html for one in conducting.asked_next(item)] == ["hardest", "second", "first"]


def test_follow_ups_stay_when_the_points_are_corrected(alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate"])
    before = item.follow_ups
    stage = conducting.script_of(session).stages[1]
    conducting.score(item, conducting_asked(item), stage, 3, ALL_POINTS, [], NOW)
    item.refresh_from_db()
    assert item.follow_ups == before
    assert item.score == 1


def test_points_corrected_in_a_second_tab_leave_what_the_first_has_answered(alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate"])
    second = SessionItem.objects.get(pk=item.pk)
    conducting.answer_follow_up(item, 0, "It fades where the gate closes.", NOW, spoken=False)
    stage = conducting.script_of(session).stages[1]
    conducting.score(second, conducting_asked(item), stage, 3, ALL_POINTS, [], NOW)
    second.follow_ups = []  # as read before any was asked
    conducting.score(second, conducting_asked(item), stage, 3, ALL_POINTS, [], NOW)
    assert conducting.asked_next(second)[0].answer == "It fades where the gate closes."
    assert conducting.asked_next(item_of(session, StageKind.DEPTH)) == conducting.asked_next(second)


def test_all_follow_ups_are_asked_before_one_is_scored(as_alice: Client, alice: User) -> None:
    """What a follow-up is scored by is the long answer to the question, which the next is about as well."""
    stock()
    session = begin(alice)
    number = number_of(session, StageKind.DEPTH)
    item = answered(session, StageKind.DEPTH, ALL_POINTS)
    for which in range(len(item.follow_ups)):
        page = text_of(as_alice.get(url("mock-stage", session, number)))
        assert f"Follow-up {which + 1} of" in page
        assert "What a good candidate says" not in page
        as_alice.post(url("mock-follow-up", session, number, which), {"text": "Because."})
    for which in range(len(item.follow_ups)):
        assert "What a good candidate says" in text_of(as_alice.get(url("mock-stage", session, number)))
        response = as_alice.post(url("mock-follow-up", session, number, which), {"worth": "half"})
    assert response["Location"] == url("mock", session), "the stage is done"


def test_points_without_follow_ups_lead_straight_on(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    as_alice.post(url("mock-begin", session, 1))
    as_alice.post(url("mock-answer", session, 1), {"text": "It is additive."})
    assert "Follow-up questions depend on it" not in text_of(as_alice.get(url("mock-stage", session, 1)))
    response = as_alice.post(url("mock-score", session, 1), {"points": ["gate"]})
    assert response["Location"] == url("mock", session)
    assert as_alice.get(url("mock", session))["Location"] == url("mock-stage", session, 2)


def test_only_the_depth_has_follow_ups(alice: User) -> None:
    stock()
    assert answered(begin(alice), StageKind.DESIGN, ["gate"]).follow_ups == []


def test_a_second_answer_changes_nothing(alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate"])
    stage = conducting.script_of(session).stages[1]
    with pytest.raises(sessions.AlreadyCommitted):
        conducting.answer(item, conducting_asked(item), stage.minutes, {"text": "Other"}, NOW)
    item.refresh_from_db()
    assert item.answer == {"text": "The path is additive."}


def test_a_missed_point_brings_its_card_forward(alice: User) -> None:
    stock()
    make_flashcard("belief", misconception="lstm-never-vanishes")
    answered(begin(alice), StageKind.DEPTH, ["gate"])
    assert Card.objects.for_user(alice).get().promoted_at is not None


def test_an_answer_after_its_time_is_kept_and_said_to_be_late(alice: User) -> None:
    stock()
    session = begin(alice)
    assert answered(session, StageKind.DEPTH, [], after=7 * 60 + 16).late, "4 of 11 minutes are for follow-ups"
    assert not answered(session, StageKind.DERIVE, [], after=7 * 60 + 14).late


def test_a_stage_that_was_left_for_a_day_is_said_to_have_been_left(as_alice: Client, alice: User) -> None:
    """“1440.4 of 4 minutes” stood there."""
    stock()
    session = begin(alice)
    answered(session, StageKind.DERIVE, ["gate"], after=24 * 60 * 60)
    assert "left open for more than two hours" in text_of(
        as_alice.get(url("mock-stage", session, number_of(session, StageKind.DERIVE)))
    )
    report.finish(session, NOW + dt.timedelta(days=2))
    page = text_of(as_alice.get(url("mock-report", session)))
    assert "Left open for more than two hours; there were 7 minutes." in page
    assert "1440" not in page


def test_the_report_says_what_each_follow_up_was_worth(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ALL_POINTS)
    for number, worth in enumerate((1.0, 0.0)):
        conducting.answer_follow_up(item, number, "Because.", NOW, spoken=False)
        conducting.score_follow_up(item, number, worth)
    sessions.finish(session, NOW)
    page = text_of(as_alice.get(url("mock-report", session)))
    assert "hardest answered Because. What a good candidate says To the hardest." in page
    assert "second not yet" in page
    assert "first not reached" in page


def test_who_does_not_know_goes_on_and_wins_nothing(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    as_alice.post(url("mock-begin", session, 1))
    assert "I do not know, go on" in text_of(as_alice.get(url("mock-stage", session, 1)))
    response = as_alice.post(url("mock-answer", session, 1), {"text": " ", "give-up": "1"})
    assert response["Location"] == url("mock", session)
    assert as_alice.get(url("mock", session))["Location"] == url("mock-stage", session, 2)
    number = number_of(session, StageKind.CODE)
    as_alice.post(url("mock-begin", session, number))
    as_alice.post(url("mock-answer", session, number), {"text": "no idea", "give-up": "1"})
    report.finish(session, NOW)
    assert [row.verdict.words for row in report.report_of(session).rows if row.item and row.item.committed] == [
        "not known",
        "not known",
    ]
    assert {name: won for name, (won, _) in session_report(session).items() if won} == {}, "nor for having been fast"


def test_the_cards_of_what_one_did_not_know_come_to_the_front(as_alice: Client, alice: User) -> None:
    """As they would after an answer without any point."""
    stock()
    make_flashcard("belief", misconception="lstm-never-vanishes")
    session = begin(alice)
    item = item_of(session, StageKind.WARM_UP)
    make_flashcard("own", question=item.question)
    as_alice.post(url("mock-begin", session, 1))
    as_alice.post(url("mock-answer", session, 1), {"give-up": "1"})
    as_alice.post(url("mock-answer", session, 1), {"give-up": "1"})
    card = Card.objects.for_user(alice).get()
    assert card.promoted_at is not None
    assert card.reason == "a question that you did not know, “A question of the type open”"
    page = studied(as_alice, session)
    assert "1 card on what was missing waits" in page
    assert "propose a rating for 1 card" in page
    assert "Again, because you did not know the answer" in text_of(as_alice.get(url("mock-report", session)))


def test_a_text_is_an_answer_even_of_somebody_who_does_not_know(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    as_alice.post(url("mock-begin", session, 1))
    as_alice.post(url("mock-answer", session, 1), {"text": "Something with gates?", "give-up": "1"})
    item = item_of(session, StageKind.WARM_UP)
    assert (item.answer, item.awaits_ticks) == ({"text": "Something with gates?"}, True)


def test_a_follow_up_that_one_does_not_know_is_passed_on(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    number = number_of(session, StageKind.DEPTH)
    answered(session, StageKind.DEPTH, ALL_POINTS)
    as_alice.post(url("mock-follow-up", session, number, 0), {"text": "", "give-up": "1"})
    as_alice.post(url("mock-follow-up", session, number, 1), {"text": "A guess.", "give-up": "1"})
    as_alice.post(url("mock-follow-up", session, number, 2), {"text": "", "give-up": "1"})
    asked = conducting.asked_next(item_of(session, StageKind.DEPTH))
    assert [(one.answered, one.answer, one.score) for one in asked] == [
        (True, "", 0.0),
        (True, "A guess.", None),
        (True, "", 0.0),
    ]
    assert asked[1].opened_at, "the next was asked"
    page = text_of(as_alice.get(url("mock-stage", session, number)))
    assert "Follow-up 2 of 3" in page, "only the guess is left to be scored"


def session_report(session: QuizSession) -> dict[str, Any]:
    session.refresh_from_db()
    return session.report


def test_the_stage_says_how_its_minutes_are_shared_out(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    page = text_of(as_alice.get(url("mock-stage", session, number_of(session, StageKind.DEPTH))))
    assert "11 minutes: 7 for the answer, 2 for each follow-up" in page


def test_each_follow_up_has_two_minutes_from_when_it_is_asked(alice: User) -> None:
    stock()
    item = answered(begin(alice), StageKind.DEPTH, ALL_POINTS)
    asked_at = NOW + dt.timedelta(seconds=60)
    first, second, *_ = conducting.asked_next(item)
    assert conducting.seconds_left(first, FOLLOW_UP_MINUTES, asked_at) == 120
    assert conducting.seconds_left(second, FOLLOW_UP_MINUTES, asked_at) is None
    late = asked_at + dt.timedelta(seconds=136)
    conducting.answer_follow_up(item, 0, "Because.", late, spoken=False)
    conducting.answer_follow_up(item, 1, "Because.", late + dt.timedelta(seconds=134), spoken=False)
    assert [one.late for one in conducting.asked_next(item)[:2]] == [True, False]


def test_the_draft_of_a_follow_up_survives_a_reload_until_it_is_answered(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    number = number_of(session, StageKind.DEPTH)
    item = answered(session, StageKind.DEPTH, ALL_POINTS)
    here = url("mock-follow-up", session, number, 0)
    saved = as_alice.post(here, {"text": "Half a sen", "draft": "1"})
    assert saved.json() == {"saved": True, "message": ""}
    assert "Half a sen</textarea>" in as_alice.get(url("mock-stage", session, number)).content.decode()
    assert "at most 20,000 can be" in as_alice.post(here, {"text": "x" * 20_001, "draft": "1"}).json()["message"]
    assert as_alice.post(here, {"text": "x" * 200_001, "draft": "1"}).status_code == 422
    as_alice.post(here, {"text": "A whole sentence."})
    item.refresh_from_db()
    assert (item.follow_ups[0]["answer"], item.follow_ups[0]["draft"]) == ("A whole sentence.", "")
    assert as_alice.post(here, {"text": "Another tab", "draft": "1"}).json()["saved"] is False


def test_the_clock_of_a_stage_starts_when_it_is_begun(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    page = as_alice.get(url("mock-stage", session, 1))
    assert "The clock starts with this button" in text_of(page)
    assert item_of(session, StageKind.WARM_UP).opened_at is None
    as_alice.post(url("mock-begin", session, 1))
    opened = item_of(session, StageKind.WARM_UP).opened_at
    assert opened is not None
    as_alice.post(url("mock-begin", session, 1))
    assert item_of(session, StageKind.WARM_UP).opened_at == opened


# The report


def test_the_report_adds_points_up_by_dimension(alice: User) -> None:
    stock()
    Question.objects.get(slug="depth").rubric.filter(key="total").update(dimension="mathematics")
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["additive", "gate", "total"])
    for number in range(3):
        conducting.answer_follow_up(item, number, "Because.", NOW, spoken=False)
        conducting.score_follow_up(item, number, 0.5)
    sessions.finish(session, NOW)
    scores = {one.dimension: one for one in report.report_of(session).scores}
    # Three other rubric questions of ten points each were left unanswered, and the bug.
    assert (scores["concept"].won, scores["concept"].of) == (6 + 3 * 1.5, 7 + 3 * 3 + 3 * 10)
    assert (scores["mathematics"].won, scores["mathematics"].of) == (3, 3)
    assert (scores["code"].won, scores["code"].of) == (0, 10)
    assert (scores["communication"].won, scores["communication"].of) == (1 + 1, 4 * 3)
    assert scores["trade-offs"].share is None


def test_the_report_says_where_six_becomes_nine(alice: User) -> None:
    stock()
    session = begin(alice)
    answered(session, StageKind.DEPTH, ["additive", "gate", "clip"])
    sessions.finish(session, NOW)
    row = report.report_of(session).rows[1]
    assert [(one.point.key, one.said) for one in row.adequate] == [("additive", True), ("gate", True)]
    assert [(one.point.key, one.said) for one in row.outstanding] == [("total", False), ("clip", True)]
    assert [point.key for point in row.would_make_it_nine] == ["total"]


def test_a_report_takes_a_constant_number_of_queries(
    alice: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    stock()
    session = begin(alice)
    for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE, StageKind.DESIGN):
        answered(session, kind, ["gate"])
    sessions.finish(session, NOW)
    with django_assert_max_num_queries(9):
        report.report_of(session)


def test_a_lab_stage_counts_its_best_submission(alice: User) -> None:
    stock()
    session = begin_with_lab(alice)
    with pytest.raises(conducting.NotNow):
        conducting.close_lab(session, 4, NOW, lambda *_: LabOutcome(1.0))
    conducting.open_stage(session, None, 4, NOW)
    asked: list[Any] = []

    def grade(*arguments: Any) -> LabOutcome:
        asked.append(arguments)
        return LabOutcome(0.75, belief="Gates add.", cards=2)

    conducting.close_lab(session, 4, NOW + dt.timedelta(minutes=9), grade)
    assert asked == [(alice, "rnn-cell", NOW, NOW + dt.timedelta(minutes=9))]
    conducting.close_lab(session, 4, NOW + dt.timedelta(minutes=10), grade)
    assert len(asked) == 1
    sessions.finish(session, NOW)
    found = report.report_of(session)
    scores = {one.dimension: one for one in found.scores}
    assert (scores["code"].won, scores["code"].of) == (7.5, 10)
    assert (found.rows[3].stage.belief, found.rows[3].stage.cards) == ("Gates add.", 2)


def test_a_lab_stage_waits_for_the_verdict_of_what_was_sent_last(as_alice: Client, alice: User) -> None:
    rnn = lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    as_alice.post(url("mock-begin", session, 4))
    sent = submitted(alice, rnn, "", timezone.now())
    Submission.objects.filter(pk=sent.pk).update(status=Submission.Status.RUNNING)
    page = as_alice.post(url("mock-close-lab", session, 4), follow=True)
    assert "still being graded" in text_of(page)
    session.refresh_from_db()
    assert conducting.script_of(session).stages[3].closed_at == ""
    Submission.objects.filter(pk=sent.pk).update(status=Submission.Status.FINISHED, passed=3, total=4)
    as_alice.post(url("mock-close-lab", session, 4))
    session.refresh_from_db()
    assert conducting.script_of(session).stages[3].score == 0.75


def test_a_lab_stage_is_not_ended_empty_handed_by_the_way(as_alice: Client, alice: User) -> None:
    lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    as_alice.post(url("mock-begin", session, 4))
    response = as_alice.post(url("mock-close-lab", session, 4))
    assert response.status_code == 422
    assert "Nothing was submitted in this stage yet" in text_of(response)
    assert "Go on without it" in text_of(response)
    session.refresh_from_db()
    assert conducting.script_of(session).stages[3].closed_at == ""
    as_alice.post(url("mock-close-lab", session, 4), {"empty-handed": "1"})
    session.refresh_from_db()
    assert conducting.script_of(session).stages[3].score == 0


def test_a_lab_counts_for_who_ends_the_interview_from_its_stage(as_alice: Client, alice: User) -> None:
    rnn = lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    as_alice.post(url("mock-begin", session, 4))
    sent = submitted(alice, rnn, "", timezone.now(), passed=3, total=4)
    Submission.objects.filter(pk=sent.pk).update(status=Submission.Status.RUNNING)
    page = as_alice.post(url("mock-finish", session), follow=True)
    assert "still being graded" in text_of(page)
    session.refresh_from_db()
    assert session.finished_at is None
    Submission.objects.filter(pk=sent.pk).update(status=Submission.Status.FINISHED)
    page = as_alice.post(url("mock-finish", session), follow=True)
    assert "75 % of the cases" in text_of(page)
    assert session_report(session)["code"] == [7.5, 10]


def test_what_is_sent_after_the_solution_was_shown_does_not_count(as_alice: Client, alice: User) -> None:
    rnn = lab("rnn-cell", 23)
    for minute, passed in ((1, 1), (2, 3), (6, 4)):
        one = submitted(alice, rnn, "", passed=passed, total=4)
        Submission.objects.filter(pk=one.pk).update(created_at=NOW + dt.timedelta(minutes=minute))
    Reveal.objects.record(alice, rnn, NOW + dt.timedelta(minutes=5))
    end = NOW + dt.timedelta(minutes=9)
    assert study.lab_outcome(alice, "rnn-cell", NOW, end) == LabOutcome(0.75, tries=3, shown=True)
    later = NOW + dt.timedelta(minutes=5, seconds=1)
    assert study.lab_outcome(alice, "rnn-cell", later, end) == LabOutcome(1.0, tries=1), "long forgotten"
    stock()
    session = begin_with_lab(alice)
    conducting.open_stage(session, None, 4, NOW)
    conducting.close_lab(session, 4, end, study.lab_outcome)
    report.finish(session, end)
    assert "75 % of the cases, before the solution was shown" in text_of(as_alice.get(url("mock-report", session)))


def test_a_lab_that_was_withdrawn_counts_neither_way(as_alice: Client, alice: User) -> None:
    rnn = lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    as_alice.post(url("mock-begin", session, 4))
    assert "Open the workbench" in text_of(as_alice.get(url("mock-stage", session, 4)))
    Lab.objects.update(status="retired")
    page = text_of(as_alice.get(url("mock-stage", session, 4)))
    assert "no longer offered" in page
    assert "Open the workbench" not in page, "it would lead to a page that is not there"
    as_alice.post(url("mock-close-lab", session, 4))
    session.refresh_from_db()
    report.finish(session, NOW)
    found = report.report_of(session)
    assert (found.rows[3].verdict.words, found.rows[3].is_below_the_line) == ("no longer offered", False)
    assert session_report(session)["code"] == [0, 0]
    assert reverse("codelabs:lab", args=["rnn-cell"]) not in as_alice.get(url("mock-report", session)).content.decode()
    submitted(alice, rnn, "failed", NOW, passed=1, total=4)
    assert study.lab_outcome(alice, "rnn-cell", NOW, NOW) == LabOutcome(0.25, tries=1), (
        "what was submitted before counts"
    )


def test_a_grading_that_was_lost_does_not_hold_a_lab_stage_up(alice: User) -> None:
    sent = submitted(alice, lab("rnn-cell", 23), "", NOW)
    Submission.objects.filter(pk=sent.pk).update(status=Submission.Status.QUEUED)
    assert study.lab_outcome(alice, "rnn-cell", NOW, NOW + dt.timedelta(seconds=30)) is None
    assert study.lab_outcome(alice, "rnn-cell", NOW, NOW + dt.timedelta(hours=2)) == LabOutcome(tries=1)


def test_a_lab_stage_is_begun_and_ended_once_whatever_a_second_tab_was_read_with(alice: User) -> None:
    stock()
    session = begin_with_lab(alice)
    unopened = QuizSession.objects.get(pk=session.pk)
    conducting.open_stage(session, None, 4, NOW)
    conducting.open_stage(unopened, None, 4, NOW + dt.timedelta(minutes=5))
    unclosed = QuizSession.objects.get(pk=session.pk)
    conducting.close_lab(session, 4, NOW + dt.timedelta(minutes=9), lambda *_: LabOutcome(0.75))
    conducting.close_lab(unclosed, 4, NOW + dt.timedelta(minutes=20), lambda *_: LabOutcome(0.5))
    stage = conducting.script_of(unclosed).stages[3]
    assert stage == conducting.script_of(QuizSession.objects.get(pk=session.pk)).stages[3]
    assert stage.opened_at == NOW.isoformat()
    assert (stage.closed_at, stage.score) == ((NOW + dt.timedelta(minutes=9)).isoformat(), 0.75)


def test_what_came_of_a_lab_is_told_by_its_attempts_within_the_stage(alice: User) -> None:
    rnn = lab("rnn-cell", 23)
    memory = {"word": "Hard", "reason": "passed at attempt 3", "interval": "2 days"}
    for minute, passed, lesson in (
        (-5, 4, {"belief": "Too early.", "cards": ["a"]}),
        (1, 1, {}),
        (2, 3, {"belief": "Gates add.", "cards": ["a", "b"]}),
        (3, 4, {"memory": memory}),
        (30, 4, {"belief": "Too late.", "cards": []}),
    ):
        one = submitted(alice, rnn, "failed", NOW + dt.timedelta(minutes=minute), passed=passed, total=4, lesson=lesson)
        Submission.objects.filter(pk=one.pk).update(created_at=NOW + dt.timedelta(minutes=minute))
    found = study.lab_outcome(alice, "rnn-cell", NOW, NOW + dt.timedelta(minutes=10))
    assert found == LabOutcome(1.0, "Gates add.", 2, "comes back in 2 days (Hard: passed at attempt 3)", tries=3)
    lab("other", 24)
    assert study.lab_outcome(alice, "other", NOW, NOW) == LabOutcome()


def test_a_dimension_of_one_small_point_gets_no_verdict_and_the_whole_is_out_of_ten() -> None:
    small, whole = Score("trade-offs", 2, 2), Score("all", 31, 52)
    assert (small.tone, small.words) == ("new", "100 %, too few points to tell")
    assert (whole.tone, whole.out_of_ten, whole.words) == ("shaky", 5.9, "59 %, below the line"), "59.6 % is not 60"
    assert Score("all", 29, 100).percent == 29
    assert Score("all", 47, 52).words == "90 %, outstanding"


def test_a_follow_up_is_scored_by_its_own_answer_and_by_the_whole_answer_where_it_has_none(alice: User) -> None:
    stock()
    item = answered(begin(alice), StageKind.DEPTH, ALL_POINTS)
    first = conducting.FollowUp.from_json(item.follow_ups[0])
    assert (first.text_html, first.wanted_html) == ("hardest", "<p>To the hardest.</p>")
    assert first.whole_html == "<p>long</p>"
    asked = replace(conducting_asked(item), follow_ups=(Further("And then?", ""),))
    [unanswered] = follow_ups(asked, ALL_POINTS, {}, 3)
    assert (unanswered.wanted_html, unanswered.whole_html) == ("<p>long</p>", "")


def test_the_report_proposes_ratings_for_the_cards_of_each_answer(as_alice: Client, alice: User) -> None:
    stock()
    for name in ("depth", "warm", "design"):
        question = Question.objects.get(slug=name)
        make_flashcard(f"{name}-fact", question=question)
        make_flashcard(f"{name}-belief", question=question, misconception="lstm-never-vanishes")
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate", "total", "clip"])
    answered(session, StageKind.WARM_UP, ALL_POINTS)
    sessions.finish(session, NOW)
    page = text_of(as_alice.get(url("mock-report", session)))
    assert page.count("What this says of its cards (2)") == 2, "the design question was left unanswered"
    assert "Proposed: Again, because your answer lacked just this." in page
    assert "Proposed: Hard, because your answer had 6 of 10 points." in page
    assert page.count("Proposed: Good, because your answer had 10 of 10 points.") == 2
    fact = Question.objects.get(slug="depth").flashcards.get(slug="depth-fact")
    data = {"event": str(uuid.uuid4()), f"rate-{fact.uuid}": "2"}
    response = as_alice.post(url("memory", session, item.position), data)
    assert response["Location"] == url("mock-report", session) + f"#answer-{item.position}"
    assert list(Review.objects.values_list("card__flashcard__slug", "rating")) == [("depth-fact", 2)]
    page = text_of(as_alice.get(url("mock-report", session)))
    assert "What this says of its card (1)" in page
    assert "Count all 3 as chosen" in page
    chosen = {f"rate-{card.uuid}": "3" for card in Flashcard.objects.exclude(pk=fact.pk)}
    response = as_alice.post(url("memory-all", session), {"event": str(uuid.uuid4()), **chosen}, follow=True)
    assert "Counted for 3 cards." in text_of(response)
    assert Review.objects.count() == 4
    assert "as chosen" not in text_of(response)


def test_only_ones_own_interview_is_counted(as_bob: Client, alice: User) -> None:
    stock()
    assert as_bob.post(url("memory-all", begin(alice)), {}).status_code == 404


def test_what_to_study_names_the_points_between_six_and_nine(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    answered(session, StageKind.DEPTH, ["additive", "gate", "clip"])
    sessions.finish(session, NOW)
    study_next = text_of(as_alice.get(url("mock-report", session))).partition("What to study")[2]
    assert "the total derivative has more paths" in study_next
    assert "explosion still needs clipping" not in study_next, "that was said"


def studied(client: Client, session: QuizSession) -> str:
    report.finish(session, NOW + dt.timedelta(hours=1))
    return text_of(client.get(url("mock-report", session))).partition("What to study")[2]


def test_what_to_study_names_what_was_below_the_line(as_alice: Client, alice: User) -> None:
    lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    answered(session, StageKind.WARM_UP, ["gate", "total", "clip"])  # 6 of 10
    answered(session, StageKind.DEPTH, ["additive"])
    conducting.open_stage(session, None, 4, NOW)
    conducting.close_lab(session, 4, NOW + dt.timedelta(minutes=16, seconds=30), lambda *_: LabOutcome(0.996))
    again = studied(as_alice, session).partition("Worth doing again")[2].partition("What would have made more")[0]
    assert "A question of the type open 4 of 10, below the line of 6" in again
    assert "A question of the type derive not answered" in again
    assert "Lab: RNN cell 99 % of the cases" in again
    assert "6 of 10" not in again
    assert "16.5 of 15 minutes, over time" in text_of(as_alice.get(url("mock-report", session)))


def test_a_failed_lab_alone_is_something_to_study(as_alice: Client, alice: User) -> None:
    """“Take the next interview one level higher” was said to whoever failed nothing but the lab."""
    lab("rnn-cell", 23)
    stock()
    session = begin_with_lab(alice)
    for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE, StageKind.DESIGN):
        answered(session, kind, ALL_POINTS)
    conducting.open_stage(session, None, 4, NOW)
    passed, failed = QuizSession.objects.get(pk=session.pk), session
    conducting.close_lab(failed, 4, NOW, lambda *_: LabOutcome(0.0))
    assert not report.report_of(failed).is_flawless
    QuizSession.objects.filter(pk=passed.pk).update(script=passed.script)
    conducting.close_lab(passed, 4, NOW, lambda *_: LabOutcome(1.0))
    assert report.report_of(passed).is_flawless
    assert "Take the next interview one level higher" in studied(as_alice, passed)
    QuizSession.objects.filter(pk=passed.pk).update(script=passed.script | {"level": "advanced"})
    page = text_of(as_alice.get(url("mock-report", passed)))
    assert "every point was there" in page
    assert "one level higher" not in page


def test_cards_that_wait_are_counted_while_they_wait(as_alice: Client, alice: User) -> None:
    stock()
    make_flashcard("belief", misconception="lstm-never-vanishes")
    session = begin(alice)
    answered(session, StageKind.DEPTH, ["gate"])
    assert "1 card on what was missing waits" in studied(as_alice, session)
    Card.objects.for_user(alice).update(promoted_at=None)  # as its next rating does
    assert "on what was missing" not in text_of(as_alice.get(url("mock-report", session)))


def test_an_answer_without_points_counts_neither_way(alice: User) -> None:
    stock()
    session = begin(alice)
    item = item_of(session, StageKind.DERIVE)
    conducting.open_stage(session, item, 3, NOW)
    before = report.report_of(session).total.of
    conducting.answer(item, as_drawn(item), 7, {"text": "By the chain rule."}, NOW)
    found = report.report_of(session)
    assert found.rows[2].verdict.words == "answered, without points"
    assert found.total.of == before - 13, "ten points and three for how it was said"


def test_a_follow_up_without_points_counts_neither_way(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ALL_POINTS)
    before = report.report_of(session).total.of
    conducting.answer_follow_up(item, 0, "Because.", NOW, spoken=False)
    assert report.report_of(session).total.of == before - report.FOLLOW_UP_POINTS
    report.finish(session, NOW)
    assert "hardest answered, without points" in text_of(as_alice.get(url("mock-report", session)))


def test_the_report_tells_what_communication_was_scored_by(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    answered(session, StageKind.DERIVE, ["gate"], after=8 * 60)
    report.finish(session, NOW + dt.timedelta(hours=1))
    page = text_of(as_alice.get(url("mock-report", session)))
    assert "How you said it yes The first sentence answered the question. not yet I named what I assume" in page
    assert "not yet The answer came within its time." in page
    assert page.count("How you said it") == 1, "nothing of what was not answered"


def test_a_dimension_has_the_colour_that_an_answer_has() -> None:
    """Amber meant “adequate” in the table and “below the line” beneath it."""
    assert [Score("code", won, 10).tone for won in (5.9, 6, 8.9, 9)] == ["shaky", "good", "good", "good"]


def test_a_follow_up_counts_for_the_dimension_of_the_point_that_it_probes(alice: User) -> None:
    stock()
    Question.objects.get(slug="depth").rubric.filter(key="additive").update(dimension="trade-offs")
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate"])
    assert [one.point for one in conducting.asked_next(item)] == ["additive", "", ""]
    conducting.answer_follow_up(item, 0, "It fades.", NOW, spoken=False)
    conducting.score_follow_up(item, 0, 0.5)
    scores = {one.dimension: one for one in report.report_of(session).scores}
    assert (scores["trade-offs"].won, scores["trade-offs"].of) == (1.5, 4 + 3)


def test_the_report_says_role_and_level_of_this_interview_and_of_the_one_before(as_alice: Client, alice: User) -> None:
    stock()
    for minutes, role, hour in ((20, "scientist", 0), (45, "research", 1)):
        session = begin(alice, minutes, role=role)
        for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE):
            answered(session, kind, ["gate"])
        report.finish(session, NOW + dt.timedelta(hours=hour))
    page = text_of(as_alice.get(url("mock-report", session)))
    assert "45 minutes, Research engineer, intermediate, typed" in page
    assert "On 10 March was the interview before: 20 minutes, Applied scientist, intermediate" in page


def test_interviews_stand_in_the_order_in_which_they_ended(as_alice: Client, alice: User) -> None:
    """One that was left for a day is compared with those that were taken meanwhile."""
    stock()
    left, early, late = (begin(alice, minutes, at=NOW + dt.timedelta(minutes=minutes)) for minutes in (20, 45, 60))
    for session, hour in ((early, 1), (late, 2), (left, 24)):
        for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE):
            answered(session, kind, ["gate"])
        report.finish(session, NOW + dt.timedelta(hours=hour))
    assert "interview before: 60 minutes" in text_of(as_alice.get(url("mock-report", left)))
    assert re.findall(r"(\d+) min,", text_of(as_alice.get(reverse("quizzes:mocks")))) == ["20", "60", "45"]


def test_points_may_be_thought_better_of_until_the_report(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE, StageKind.DESIGN):
        item = answered(session, kind, ["gate"])
        SessionItem.objects.filter(pk=item.pk).update(follow_ups=[])
    number = number_of(session, StageKind.CODE)
    as_alice.post(url("mock-begin", session, number))
    as_alice.post(url("mock-answer", session, number), {"give-up": "1"})
    end = text_of(as_alice.get(url("mock", session)))
    assert "Warm-up: 2 of 10 Look at its points again" in end
    assert "Code:" not in end, "that is marked by the site"
    assert "Change its points" in text_of(as_alice.get(url("mock-stage", session, 1)))
    as_alice.post(url("mock-score", session, 1), {"points": ["gate", "additive"], "habits": ["answer-first"]})
    assert "Warm-up: 6 of 10" in text_of(as_alice.get(url("mock", session)))


@pytest.mark.parametrize(
    "kinds", [[StageKind.WARM_UP], [StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE, StageKind.DESIGN]]
)
def test_the_page_of_a_report_takes_a_constant_number_of_queries(
    kinds: list[StageKind], as_alice: Client, alice: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    stock()
    for question in Question.objects.all():
        make_flashcard(f"of-{question.slug}", question=question)
    session = begin(alice)
    for kind in kinds:
        answered(session, kind, ALL_POINTS)
    sessions.finish(session, NOW)
    with django_assert_num_queries(10):
        as_alice.get(url("mock-report", session))


# The pages


def test_a_whole_interview_by_its_pages(as_alice: Client, alice: User) -> None:
    stock()
    as_alice.post(
        reverse("quizzes:mocks"), {"minutes": 20, "role": "engineer", "level": "intermediate", "spoken": "typed"}
    )
    session = QuizSession.objects.for_user(alice).mocks().get()
    for number, kind in enumerate(kinds(session), start=1):
        assert as_alice.get(url("mock", session))["Location"] == url("mock-stage", session, number)
        as_alice.post(url("mock-begin", session, number))
        given = {"lines": ["3"]} if kind == "code" else {"text": "It is additive."}
        as_alice.post(url("mock-answer", session, number), given)
        if kind != "code":
            as_alice.post(url("mock-score", session, number), {"points": ["gate"], "habits": ["assumptions"]})
        if kind == "depth":
            assert "A colleague says" in text_of(as_alice.get(url("mock-stage", session, number)))
            as_alice.post(url("mock-follow-up", session, number, 0), {"text": "No: it fades."})
            assert "What is true" in text_of(as_alice.get(url("mock-stage", session, number)))
            as_alice.post(url("mock-follow-up", session, number, 0), {"worth": "yes"})
    assert "last stage" in text_of(as_alice.get(url("mock", session)))
    response = as_alice.post(url("mock-finish", session), follow=True)
    page = text_of(response)
    assert "By dimension" in page
    assert "Where 6 becomes 9" in page
    session.refresh_from_db()
    assert session.report["code"] == [10.0, 10]
    assert "Earlier interviews" in text_of(as_alice.get(reverse("quizzes:mocks")))


@pytest.mark.parametrize(
    ("minutes", "kind", "length"),
    [
        (20, StageKind.WARM_UP, "30 seconds"),
        (20, StageKind.DEPTH, "2 minutes"),
        (20, StageKind.DERIVE, "2 minutes"),
        (20, StageKind.DESIGN, "2 minutes"),
        (45, StageKind.DERIVE, "5 minutes"),
        (60, StageKind.DESIGN, "5 minutes"),
    ],
)
def test_each_stage_has_a_length_for_an_answer_said_aloud(
    minutes: int, kind: StageKind, length: str, as_alice: Client, alice: User
) -> None:
    """In four minutes no answer of five can be said; “about .” stood there, and the clock began at thirty seconds."""
    stock()
    session = begin(alice, minutes)
    QuizSession.objects.filter(pk=session.pk).update(script=session.script | {"spoken": True})
    number = number_of(session, kind)
    as_alice.post(url("mock-begin", session, number))
    page = as_alice.get(url("mock-stage", session, number)).content.decode()
    assert f"This one should take about {length}." in page
    assert re.findall(r'aria-pressed="true">([^<]+)<', page) == [length]


def test_said_aloud_no_text_is_needed(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice, at=timezone.now())
    as_alice.post(url("mock-begin", session, 2))
    as_alice.post(url("mock-answer", session, 2), {"text": "", "spoken": "1"})
    page = text_of(as_alice.get(url("mock-stage", session, 2)))
    assert "You said it aloud" in page
    assert "What did your answer say?" in page


def test_no_model_answer_is_shown_before_the_report(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice, at=timezone.now())
    as_alice.post(url("mock-begin", session, 3))
    as_alice.post(url("mock-answer", session, 3), {"text": "So."})
    assert "The short answer to" not in as_alice.get(url("mock-stage", session, 3)).content.decode()


def test_an_empty_answer_and_one_of_a_hundred_kilobytes_are_refused_and_kept(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice, at=timezone.now())
    as_alice.post(url("mock-begin", session, 2))
    assert as_alice.post(url("mock-answer", session, 2), {"text": " "}).status_code == 422
    long = "x" * 100_000
    response = as_alice.post(url("mock-answer", session, 2), {"text": long})
    assert response.status_code == 422
    assert long in response.content.decode()
    assert long in as_alice.get(url("mock-stage", session, 2)).content.decode(), "after a reload as well"
    assert item_of(session, StageKind.DEPTH).answer is None


def test_a_long_follow_up_is_refused_and_kept(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    answered(session, StageKind.DEPTH, ["gate"])
    long = "x" * 30_000
    response = as_alice.post(url("mock-follow-up", session, 2, 0), {"text": long})
    assert response.status_code == 422
    assert long in response.content.decode()


@pytest.mark.parametrize("name", ["mock-begin", "mock-score", "mock-close-lab"])
def test_what_changes_something_refuses_get(name: str, as_alice: Client, alice: User) -> None:
    stock()
    assert as_alice.get(url(name, begin(alice), 1)).status_code == 405


def test_a_form_that_was_refused_leads_back_to_its_stage(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    for name in ("mock-answer", "mock-save"):
        assert as_alice.get(url(name, session, 1))["Location"] == url("mock-stage", session, 1)


def test_a_stranger_finds_nothing(as_bob: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    for name in ("mock", "mock-report"):
        assert as_bob.get(url(name, session)).status_code == 404
    assert as_bob.get(url("mock-stage", session, 1)).status_code == 404
    for name in ("mock-begin", "mock-answer", "mock-save", "mock-score", "mock-close-lab"):
        assert as_bob.post(url(name, session, 1)).status_code == 404
    assert as_bob.post(url("mock-follow-up", session, 1, 0)).status_code == 404
    assert as_bob.post(url("mock-finish", session)).status_code == 404


@pytest.mark.parametrize("number", [0, 6, 99])
def test_a_stage_that_is_not_there_is_not_found(number: int, as_alice: Client, alice: User) -> None:
    stock()
    assert as_alice.get(url("mock-stage", begin(alice), number)).status_code == 404


def test_points_and_habits_that_do_not_exist_are_refused(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    item = item_of(session, StageKind.DEPTH)
    conducting.answer(item, conducting_asked(item), 11, {"text": "So."}, NOW)
    for data in ({"points": ["nonsense"]}, {"habits": ["nonsense"]}):
        as_alice.post(url("mock-score", session, 2), data)
        item.refresh_from_db()
        assert (item.ticks, item.habits) == (None, None)


def test_a_finished_interview_takes_nothing_more(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    sessions.finish(session, NOW)
    as_alice.post(url("mock-begin", session, 1))
    as_alice.post(url("mock-answer", session, 1), {"text": "Late."})
    as_alice.post(url("mock-save", session, 1), {"text": "Late."})
    item = item_of(session, StageKind.WARM_UP)
    assert (item.opened_at, item.answer, item.draft) == (None, None, {})
    assert as_alice.get(url("mock-stage", session, 1))["Location"] == url("mock-report", session)


def test_a_page_that_is_still_open_learns_that_the_interview_is_finished(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    item = answered(session, StageKind.DEPTH, ["gate"])
    sessions.finish(session, NOW)
    script = {"Accept": "application/json"}
    told = {"saved": False, "message": "This interview is finished, so nothing was changed."}
    assert as_alice.post(url("mock-save", session, 1), {"text": "Late."}, headers=script).json() == told
    draft = {"text": "Late.", "draft": "1"}
    assert as_alice.post(url("mock-follow-up", session, 2, 0), draft, headers=script).json() == told
    assert told["message"] in text_of(as_alice.post(url("mock-save", session, 1), {"text": "Late."}, follow=True))
    item.refresh_from_db()
    assert item.follow_ups[0]["draft"] == ""


def test_an_interview_ends_with_its_report_or_not_at_all(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stock()
    session = begin(alice)
    answered(session, StageKind.WARM_UP, ALL_POINTS)
    with monkeypatch.context() as broken:
        broken.setattr(report, "all_as_drawn", _break)
        with pytest.raises(RuntimeError):
            report.finish(session, NOW)
    session.refresh_from_db()
    assert (session.finished_at, session.report) == (None, {})
    report.finish(session, NOW)
    session.refresh_from_db()
    kept = session.report
    assert kept["concept"][0] > 0
    SessionItem.objects.update(ticks=[])
    report.finish(session, NOW + dt.timedelta(minutes=1))
    session.refresh_from_db()
    assert (session.finished_at, session.report) == (NOW, kept)


def _break(*_: object) -> None:
    raise RuntimeError("the machine stopped")


def test_a_report_is_compared_with_the_last_interview_that_was_taken(as_alice: Client, alice: User) -> None:
    stock()
    first, abandoned, second = (begin(alice, at=NOW + dt.timedelta(days=day)) for day in range(3))
    for number, session in enumerate((first, abandoned, second)):
        if session is not abandoned:
            session.items.update(committed_at=NOW, answer={"text": "So."})
        report.finish(session, NOW + dt.timedelta(days=number, hours=1))
    assert as_alice.get(url("mock-report", second)).context["earlier"] == first
    assert as_alice.get(url("mock-report", abandoned)).context["earlier"] == first
    assert as_alice.get(url("mock-report", first)).context["earlier"] is None


def test_an_interview_that_was_hardly_answered_is_said_to_have_been_ended_early(
    as_alice: Client, alice: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    stock()
    for number in range(3):
        session = begin(alice, seed=number)
        for kind in (StageKind.WARM_UP, StageKind.DEPTH, StageKind.DERIVE)[: 3 * (number > 0)]:
            answered(session, kind, ["gate"])
        report.finish(session, NOW)
    with django_assert_max_num_queries(6):
        page = text_of(as_alice.get(reverse("quizzes:mocks")))
    assert page.count("ended early") == 1


def test_a_question_of_a_mock_has_no_page_in_a_quiz(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    assert as_alice.get(url("item", session, 1)).status_code == 404
    assert as_alice.post(url("commit", session, 1), {"text": "x"}).status_code == 404
    assert as_alice.get(url("session", session))["Location"] == url("mock", session)


def test_a_question_retired_meanwhile_is_asked_as_drawn(as_alice: Client, alice: User) -> None:
    stock()
    session = begin(alice)
    Question.objects.filter(slug="depth").update(status="retired")
    as_alice.post(url("mock-begin", session, 2))
    assert as_alice.get(url("mock-stage", session, 2)).status_code == 200
    assert as_alice.post(url("mock-answer", session, 2), {"text": "Yes."}).status_code == 302
