"""Drawing questions, drafts, committing, ticking and finishing, without any page."""

import datetime as dt
import random
import uuid
from dataclasses import replace
from typing import Any

import pytest

from prepsite.accounts.models import User
from prepsite.lib.versioned import Status
from quizzes import beginning, marking, sessions
from quizzes.asked import as_asked
from quizzes.beginning import Filters
from quizzes.drawn import as_drawn
from quizzes.lessons import misconceptions_in, unsaid_in
from quizzes.models import Question, QuizSession, Revision, SessionItem
from quizzes.results import result_of
from tests.quizzes import samples
from tests.quizzes.factories import ANSWERS, KINDS, make_question, make_topic

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=7)


def rng(seed: int = 1) -> random.Random:
    return random.Random(seed)


def only_item(user: User, kind: str = "single", *, minutes: int | None = None) -> SessionItem:
    make_question(kind)
    session = beginning.start(user, Filters(kinds=[kind], number=1, minutes=minutes), AT, rng())
    return session.items.select_related("session").get()


def commit(item: SessionItem, answer: dict[str, object], at: dt.datetime = AT) -> marking.Mark:
    return sessions.commit(item, as_drawn(item), answer, at)


def test_a_quiz_draws_as_many_questions_as_it_was_asked_for(alice: User) -> None:
    for kind in KINDS:
        make_question(kind)
    session = beginning.start(alice, Filters(number=3), AT, rng())
    assert [item.position for item in session.items.all()] == [1, 2, 3]
    assert session.items.values("question").distinct().count() == 3


def test_the_same_random_numbers_draw_the_same_quiz(alice: User) -> None:
    for kind in KINDS:
        make_question(kind)
    first, second = (beginning.start(alice, Filters(number=4), AT, rng(5)) for _ in range(2))
    assert list(first.items.values_list("question", flat=True)) == list(second.items.values_list("question", flat=True))


def test_a_quiz_keeps_to_its_topics_levels_and_types(alice: User) -> None:
    wanted = make_question("open", "wanted", level="advanced")
    make_question("open", "too-easy")
    make_question("single", "other-type", level="advanced")
    make_question("open", "elsewhere", level="advanced", topic=make_topic("convolution"))
    filters = Filters(topics=["recurrent-networks"], levels=["advanced"], kinds=["open"], number=9)
    session = beginning.start(alice, filters, AT, rng())
    assert [item.question for item in session.items.all()] == [wanted]
    assert session.filters["number"] == 1


def test_drafts_and_retired_questions_are_not_asked(alice: User) -> None:
    make_question("open", "draft", status=Status.DRAFT)
    make_question("open", "retired", status=Status.RETIRED)
    with pytest.raises(beginning.NothingFits):
        beginning.start(alice, Filters(), AT, rng())
    assert not QuizSession.objects.exists()


def test_questions_not_answered_yet_come_first(alice: User) -> None:
    item = only_item(alice)
    commit(item, ANSWERS["single"])
    fresh = make_question("open", "fresh")
    for seed in range(5):
        session = beginning.start(alice, Filters(number=1), AT, rng(seed))
        assert session.items.get().question == fresh


def test_starting_twice_with_one_identity_is_one_quiz(alice: User) -> None:
    make_question()
    same = uuid.uuid4()
    first, second = (beginning.start(alice, Filters(), AT, rng(), session_id=same) for _ in range(2))
    assert first == second
    assert QuizSession.objects.count() == 1


def test_an_identity_taken_by_someone_else_starts_a_quiz_of_ones_own(alice: User, bob: User) -> None:
    make_question()
    same = uuid.uuid4()
    hers = beginning.start(alice, Filters(), AT, rng(), session_id=same)
    his = beginning.start(bob, Filters(), AT, rng(), session_id=same)
    assert his != hers
    assert his.user == bob


def test_no_chosen_identity_meets_an_answer_on_a_questions_own_page(alice: User, bob: User) -> None:
    """Were it stored as chosen, bob's quiz would take in what alice writes on the page."""
    question = make_question("open")
    coming = [beginning.attempt_id(alice, question, 0), uuid.uuid5(question.uuid, f"{alice.pk}/0")]
    traps = [beginning.start(bob, Filters(), AT, rng(), session_id=one) for one in coming]
    item = beginning.open_attempt(alice, question, 0, LATER)
    assert item.session.user == alice
    assert item.session not in traps
    commit(item, ANSWERS["open"], LATER)
    assert not SessionItem.objects.for_user(bob).committed().exists()


def test_the_identity_of_an_answer_cannot_be_worked_out(alice: User, settings: Any) -> None:
    question = make_question()
    here = beginning.attempt_id(alice, question, 0)
    assert here == beginning.attempt_id(alice, question, 0) != beginning.attempt_id(alice, question, 1)
    settings.SECRET_KEY = "another secret"
    assert beginning.attempt_id(alice, question, 0) != here


@pytest.mark.parametrize("wrong", ["owner", "kind", "question"])
def test_an_answer_is_never_written_into_what_is_not_its_own(alice: User, bob: User, wrong: str) -> None:
    question, other = make_question("open"), make_question("single")
    session = QuizSession.objects.create(
        uuid=beginning.attempt_id(alice, question, 0),
        user=bob if wrong == "owner" else alice,
        kind=QuizSession.Kind.QUIZ if wrong == "kind" else QuizSession.Kind.QUESTION,
        started_at=AT,
    )
    asked = other if wrong == "question" else question
    SessionItem.objects.create(session=session, position=1, question=asked, question_version=1)
    with pytest.raises(beginning.IdentityTaken):
        beginning.open_attempt(alice, question, 0, LATER)


def test_a_quiz_never_opens_what_another_learner_has(alice: User, bob: User) -> None:
    make_question()
    same = uuid.uuid4()
    hers = beginning.start(alice, Filters(), AT, rng(), session_id=same)
    QuizSession.objects.filter(pk=hers.pk).update(user=bob)
    with pytest.raises(beginning.IdentityTaken):
        beginning.start(alice, Filters(), LATER, rng(), session_id=same)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("open", "derive")])
def test_a_right_answer_is_marked_at_once(alice: User, kind: str) -> None:
    item = only_item(alice, kind)
    assert commit(item, ANSWERS[kind]).correct
    item.refresh_from_db()
    assert (item.score, item.answer, item.committed_at) == (1.0, ANSWERS[kind], AT)


@pytest.mark.parametrize("kind", ["open", "derive"])
def test_an_open_answer_waits_for_the_learners_ticks(alice: User, kind: str) -> None:
    item = only_item(alice, kind)
    assert commit(item, ANSWERS[kind]).score is None
    asked = as_drawn(item)
    sessions.tick(item, asked, ["additive", "total"], AT)
    item.refresh_from_db()
    assert item.score == 0.7
    assert item.ticks == ["additive", "total"]


def test_a_committed_answer_never_changes(alice: User) -> None:
    item = only_item(alice)
    stale = SessionItem.objects.select_related("session").get(pk=item.pk)
    commit(item, {"choice": "state"})
    with pytest.raises(sessions.AlreadyCommitted):
        commit(stale, ANSWERS["single"], LATER)
    item.refresh_from_db()
    assert (item.answer, item.score, item.committed_at) == ({"choice": "state"}, 0.0, AT)


def test_a_draft_never_touches_a_committed_answer(alice: User) -> None:
    item = only_item(alice, "open")
    assert sessions.save_draft(item, {"text": "Half a"})
    item.refresh_from_db()
    assert item.begun
    commit(item, ANSWERS["open"])
    assert not sessions.save_draft(item, {"text": "Something else"})
    item.refresh_from_db()
    assert item.answer == ANSWERS["open"]
    assert item.draft == {}


def test_an_answer_that_cannot_be_read_is_not_committed(alice: User) -> None:
    item = only_item(alice, "numeric")
    with pytest.raises(marking.MalformedAnswer, match="not a number"):
        commit(item, {"text": "a lot"})
    item.refresh_from_db()
    assert not item.committed


def test_an_answer_after_the_deadline_is_kept_and_marked_late(alice: User) -> None:
    item = only_item(alice, minutes=5)
    commit(item, ANSWERS["single"], LATER)
    item.refresh_from_db()
    assert item.late
    assert item.score == 1


def test_an_answer_before_the_deadline_is_not_late(alice: User) -> None:
    item = only_item(alice, minutes=10)
    commit(item, ANSWERS["single"], LATER)
    item.refresh_from_db()
    assert not item.late


def test_asking_to_be_shown_is_worth_nothing_and_shows_everything(alice: User) -> None:
    item = only_item(alice, "open")
    commit(item, sessions.GAVE_UP)
    item.refresh_from_db()
    assert (item.score, item.ticks, item.committed) == (0.0, [], True)


def test_unknown_points_cannot_be_ticked(alice: User) -> None:
    item = only_item(alice, "open")
    commit(item, ANSWERS["open"])
    with pytest.raises(marking.MalformedAnswer):
        sessions.tick(item, as_drawn(item), ["charm"], AT)


def test_ticks_may_be_corrected(alice: User) -> None:
    item = only_item(alice, "open")
    commit(item, ANSWERS["open"])
    asked = as_drawn(item)
    sessions.tick(item, asked, ["additive", "gate", "total", "clip"], AT)
    sessions.tick(item, asked, ["gate"], AT)
    item.refresh_from_db()
    assert item.score == 0.2


def test_finishing_twice_keeps_the_first_time(alice: User) -> None:
    session = only_item(alice).session
    sessions.finish(session, AT)
    sessions.finish(session, LATER)
    assert session.finished_at == AT


def retry(session: QuizSession) -> QuizSession:
    missed = [row.item.question for row in result_of(session).missed]
    return beginning.ask_again(session, missed, LATER, rng())


def test_a_retry_asks_what_the_result_calls_missed_though_the_question_be_edited(alice: User) -> None:
    """The answer was right to the question that was asked; that it is of another type today changes nothing."""
    item = only_item(alice, "open")
    commit(item, ANSWERS["open"])
    sessions.tick(item, as_drawn(item), ["additive", "gate", "total"], AT)
    sessions.finish(item.session, AT)
    Revision.objects.create(question=item.question, version=1, source=samples.OPEN)
    Question.objects.update(kind="numeric", version=2)
    assert result_of(item.session).missed == []
    with pytest.raises(beginning.NothingFits):
        retry(item.session)


def test_what_is_no_longer_asked_is_not_asked_again(alice: User) -> None:
    item = only_item(alice)
    sessions.finish(item.session, AT)
    Question.objects.update(status=Status.RETIRED)
    with pytest.raises(beginning.NothingFits):
        retry(item.session)


def test_a_retry_asks_what_was_was_missed_and_nothing_else(alice: User) -> None:
    right, wrong, skipped = make_question("single"), make_question("multiple"), make_question("numeric")
    session = beginning.start(alice, Filters(number=3), AT, rng())
    for item in session.items.select_related("session"):
        if item.question == right:
            commit(item, ANSWERS["single"])
        elif item.question == wrong:
            commit(item, {"choices": ["dropout"]})
    sessions.finish(session, AT)
    again = retry(session)
    assert {item.question for item in again.items.all()} == {wrong, skipped}


def test_there_is_nothing_to_retry_when_nothing_was_missed(alice: User) -> None:
    item = only_item(alice)
    commit(item, ANSWERS["single"])
    with pytest.raises(beginning.NothingFits):
        retry(item.session)


def test_the_order_of_options_is_shuffled_but_stays_for_one_item(alice: User) -> None:
    question = make_question("multiple")
    orders = set()
    for seed in range(20):
        item = beginning.start(alice, Filters(), AT, rng(seed)).items.select_related("session").get()
        asked = as_asked(question)
        order = tuple(option.key for option in asked.shuffled(item.seed))
        assert order == tuple(option.key for option in asked.shuffled(item.seed))
        orders.add(order)
    assert len(orders) > 3


def test_a_wrong_option_and_a_missed_must_have_point_name_their_misconception(alice: User) -> None:
    single, open_ = make_question("single"), make_question("open")
    assert misconceptions_in(as_asked(single), {"choice": "state"}, None) == ["rnn-state-shared"]
    assert misconceptions_in(as_asked(single), {"choice": "weights"}, None) == []
    assert misconceptions_in(as_asked(open_), {"text": "…"}, ["gate"]) == ["lstm-never-vanishes"]
    assert misconceptions_in(as_asked(open_), {"text": "…"}, ["additive"]) == []
    assert misconceptions_in(as_asked(open_), {"text": "…"}, None) == []


def test_a_point_beyond_an_adequate_answer_names_its_misconception_too_but_is_not_called_missing(alice: User) -> None:
    asked = as_asked(make_question("open"))
    beyond = asked.outstanding_points[0]
    named = replace(beyond, misconception="lstm-never-vanishes")
    asked = replace(asked, rubric=tuple(named if point is beyond else point for point in asked.rubric))
    said = [point.key for point in asked.adequate_points]
    assert misconceptions_in(asked, {"text": "…"}, said) == ["lstm-never-vanishes"]
    assert misconceptions_in(asked, {"text": "…"}, [*said, beyond.key]) == []
    assert unsaid_in(asked, {"text": "…"}, said) == []
