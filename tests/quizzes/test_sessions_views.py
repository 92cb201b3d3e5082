"""The pages of a quiz: each change works, refuses GET, refuses a stranger, and refuses bad input kindly."""

import datetime as dt
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prepsite.accounts.models import User
from prepsite.lib.versioned import Status
from quizzes import beginning
from quizzes.beginning import Filters
from quizzes.models import Card, Question, QuizSession, SessionItem
from tests.quizzes.factories import ANSWERS, KINDS, make_flashcard, make_guide, make_question, make_topic

pytestmark = pytest.mark.django_db


def begin(user: User, *kinds: str, minutes: int | None = None, started: dt.datetime | None = None) -> QuizSession:
    for kind in kinds:
        make_question(kind)
    filters = Filters(kinds=kinds, number=len(kinds), minutes=minutes)
    return beginning.start(user, filters, started or timezone.now(), random.Random(1))


def url(name: str, session: QuizSession, position: int | None = None) -> str:
    return reverse(f"quizzes:{name}", args=[session.uuid] if position is None else [session.uuid, position])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Choosing


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    assert client.get(reverse("quizzes:new")).headers["Location"].startswith(reverse("account_login"))


def test_the_form_counts_what_there_is(as_alice: Client) -> None:
    make_question("single")
    make_question("open", level="advanced")
    make_topic("convolution")
    page = text_of(as_alice.get(reverse("quizzes:new")))
    assert "Recurrent networks 2" in page
    assert "In preparation: Convolution." in page
    assert "Convolution 0" not in page
    assert "advanced 1" in page
    assert "2 questions fit so the quiz will have 2 instead of 5" in page.replace(",", "")


def test_the_count_follows_the_choice(as_alice: Client) -> None:
    make_question("single")
    make_question("open", level="advanced")
    fragment = as_alice.get(
        reverse("quizzes:new"), {"levels": "advanced", "number": "1"}, headers={"HX-Request": "true"}
    )
    assert text_of(fragment).strip() == "1 question fits this choice."
    assert b"<html" not in fragment.content


def test_a_topic_page_can_link_to_its_quiz(as_alice: Client) -> None:
    make_question("single")
    page = as_alice.get(reverse("quizzes:new"), {"topics": "recurrent-networks"}).content.decode()
    assert re.search(r'value="recurrent-networks" checked', page)


def test_a_topic_without_questions_chosen_by_its_address_can_be_unticked(as_alice: Client) -> None:
    make_topic("convolution")
    page = as_alice.get(reverse("quizzes:new"), {"topics": "convolution"}).content.decode()
    assert 'value="convolution" checked' in page
    assert "In preparation" not in page


def test_starting_leads_to_the_first_question(as_alice: Client, alice: User) -> None:
    make_question("single")
    response = as_alice.post(reverse("quizzes:new"), {"number": "5", "minutes": ""}, follow=True)
    session = QuizSession.objects.get(user=alice)
    assert response.redirect_chain[-1][0] == url("item", session, 1)
    assert session.deadline is None


def test_a_time_limit_sets_the_deadline(as_alice: Client, alice: User) -> None:
    make_question("single")
    as_alice.post(reverse("quizzes:new"), {"number": "5", "minutes": "20"})
    session = QuizSession.objects.get(user=alice)
    assert session.deadline == session.started_at + dt.timedelta(minutes=20)


def test_a_double_click_on_start_is_one_quiz(as_alice: Client) -> None:
    make_question("single")
    shown = as_alice.get(reverse("quizzes:new")).content.decode()
    identity = re.search(r'name="session" value="([^"]+)"', shown)
    assert identity
    for _ in range(2):
        as_alice.post(reverse("quizzes:new"), {"number": "5", "session": identity[1]})
    assert QuizSession.objects.count() == 1


def test_when_nothing_fits_a_sentence_says_what_would(as_alice: Client) -> None:
    make_question("single")
    make_question("open", level="advanced")
    response = as_alice.post(reverse("quizzes:new"), {"number": "5", "levels": "advanced", "kinds": "single"})
    assert "No question fits these topics, levels and types together. There would be 1 with any level, or 1 with any type." in text_of(response)  # fmt: skip  # noqa: E501
    assert not QuizSession.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "0"}, "A quiz has at least one question."),
        ({"number": "51"}, "A quiz has at most 50 questions."),
        ({"number": "many"}, "Write the number of questions in digits."),
        ({"number": "5", "minutes": "0"}, "leave the field empty for no limit"),
        ({"number": "5", "minutes": "9999"}, "A time limit has at most 240 minutes."),
        ({"number": "5", "topics": "astrology"}, "There is no topic “astrology”."),
    ],
)
def test_a_quiz_that_cannot_be_is_refused_with_a_sentence(
    as_alice: Client, wrong: dict[str, str], sentence: str
) -> None:
    make_question("single")
    response = as_alice.post(reverse("quizzes:new"), wrong)
    assert sentence in text_of(response)
    assert not QuizSession.objects.exists()


def test_unfinished_quizzes_wait_on_the_page(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "open")
    page = as_alice.get(reverse("quizzes:new")).content.decode()
    assert url("session", session) in page
    assert "0 of 2 answered" in page


# Answering


@pytest.mark.parametrize("kind", KINDS)
def test_no_model_answer_is_on_the_page_before_an_answer(as_alice: Client, alice: User, kind: str) -> None:
    session = begin(alice, kind)
    page = as_alice.get(url("item", session, 1)).content.decode()
    for secret in ("The short answer", "minutes.</p>", "Because of", "Says that the path", "Interviewers listen"):
        assert secret not in page
    for accepted in ("hyperbolic", "logistic", "0.0066"):
        assert accepted not in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_can_be_answered_and_then_shows_its_model_answer(as_alice: Client, alice: User, kind: str) -> None:
    session = begin(alice, kind)
    response = as_alice.post(url("commit", session, 1), form_of(kind), follow=True)
    item = session.items.get()
    assert item.answer == ANSWERS[kind]
    assert item.score == (None if kind in ("open", "derive") else 1)
    assert "The short answer" in text_of(response)


def form_of(kind: str) -> dict[str, Any]:
    answer = ANSWERS[kind]
    if kind == "cloze":
        return {f"gap_{number}": gap for number, gap in enumerate(answer["gaps"], start=1)}
    return answer


def test_a_second_commit_changes_nothing_and_says_so(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    as_alice.post(url("commit", session, 1), {"choice": "state"})
    response = as_alice.post(url("commit", session, 1), {"choice": "weights"}, follow=True)
    assert "the first one counts" in text_of(response)
    assert session.items.get().answer == {"choice": "state"}


def test_an_empty_answer_is_refused_and_nothing_is_committed(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    response = as_alice.post(url("commit", session, 1), {"text": "  "})
    assert response.status_code == 422
    assert "Write an answer first" in text_of(response)
    assert not session.items.get().committed


def test_an_answer_of_a_hundred_kilobytes_is_refused_and_still_in_the_form(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    response = as_alice.post(url("commit", session, 1), {"text": "ab " * 33_000})
    assert response.status_code == 422
    assert "at most 20,000 can be committed" in text_of(response)
    assert "ab " * 33_000 in response.content.decode()
    assert "ab " * 33_000 in as_alice.get(url("item", session, 1)).content.decode(), "after a reload as well"
    assert not session.items.get().committed
    too_much = as_alice.post(url("save", session, 1), {"text": "abc " * 50_001})
    assert too_much.status_code == 422
    assert "abc " * 50_001 in too_much.content.decode()
    assert session.items.get().draft == {"text": "ab " * 33_000}


def test_a_half_filled_cloze_is_refused_once_and_then_committed_on_purpose(as_alice: Client, alice: User) -> None:
    session = begin(alice, "cloze")
    refused = as_alice.post(url("commit", session, 1), {"gap_1": "tanh", "gap_2": " "})
    assert refused.status_code == 422
    assert "One gap is empty" in text_of(refused)
    assert "Commit with empty gaps" in text_of(refused)
    assert 'value="tanh"' in refused.content.decode()
    item = session.items.get()
    assert not item.committed
    assert item.draft["gaps"][0] == "tanh"
    as_alice.post(url("commit", session, 1), {"gap_1": "tanh", "gap_2": "", "with-gaps": "1"})
    assert session.items.get().score == 0.5


def test_a_full_cloze_is_committed_without_asking(as_alice: Client, alice: User) -> None:
    session = begin(alice, "cloze")
    assert "Commit with empty gaps" not in text_of(as_alice.get(url("item", session, 1)))
    as_alice.post(url("commit", session, 1), form_of("cloze"))
    assert session.items.get().score == 1


def test_a_refused_answer_waits_as_a_draft(as_alice: Client, alice: User) -> None:
    session = begin(alice, "numeric")
    as_alice.post(url("commit", session, 1), {"text": "a lot"})
    assert 'value="a lot"' in as_alice.get(url("item", session, 1)).content.decode()


def test_a_number_that_cannot_be_read_costs_nothing(as_alice: Client, alice: User) -> None:
    session = begin(alice, "numeric")
    response = as_alice.post(url("commit", session, 1), {"text": "a lot"})
    assert "is not a number" in text_of(response)
    assert 'value="a lot"' in response.content.decode()


def test_an_unknown_option_is_refused(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    assert as_alice.post(url("commit", session, 1), {"choice": "charm"}).status_code == 422


@pytest.mark.parametrize("kind", KINDS)
def test_no_nul_byte_is_stored(as_alice: Client, alice: User, kind: str) -> None:
    session = begin(alice, kind)
    nul = {"text": "a\0", "choice": "a\0", "choices": ["a\0"], "gap_1": "a\0", "lines": ["1\0"]}
    assert as_alice.post(url("save", session, 1), nul).status_code == 302
    assert "\0" not in str(session.items.get().draft)
    assert "\\x00" not in repr(session.items.get().draft)


def test_nul_bytes_are_dropped(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    as_alice.post(url("commit", session, 1), {"text": "addi\0tive"})
    assert session.items.get().answer == {"text": "additive"}


def test_what_a_learner_writes_is_never_markup(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    page = as_alice.post(url("commit", session, 1), {"text": "<script>alert(1)</script>"}, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_asking_to_be_shown_counts_zero_and_shows_the_answer(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    page = text_of(as_alice.post(url("commit", session, 1), {"text": "half", "give-up": "1"}, follow=True))
    assert "Shown without an answer" in page
    assert "The short answer" in page
    assert session.items.get().score == 0


def test_a_draft_waits_on_another_device(as_alice: Client, alice: User, sign_in: Callable[[User], Client]) -> None:
    session = begin(alice, "open", "single")
    position = session.items.get(question__kind="open").position
    other = 3 - position
    response = as_alice.post(url("save", session, position), {"text": "Half an answer", "go": str(other)})
    assert response.headers["Location"] == url("item", session, other)
    assert "Half an answer" in sign_in(alice).get(url("item", session, position)).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_of_every_type_comes_back_as_it_was(as_alice: Client, alice: User, kind: str) -> None:
    session = begin(alice, kind)
    as_alice.post(url("save", session, 1), form_of(kind))
    page = as_alice.get(url("item", session, 1)).content.decode()
    assert session.items.get().draft == ANSWERS[kind]
    assert page.count(" checked") == sum(len(part) for part in ANSWERS[kind].values() if kind in ("multiple", "bug") and isinstance(part, list)) + (kind == "single")  # fmt: skip  # noqa: E501


def test_the_script_saves_drafts_without_a_page(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    json = {"Accept": "application/json"}
    assert as_alice.post(url("save", session, 1), {"text": "Half"}, headers=json).json()["saved"] is True
    long = as_alice.post(url("save", session, 1), {"text": "x" * 20_001}, headers=json).json()
    assert long["saved"] is True
    assert "at most 20,000 can be committed" in long["message"]
    refused = as_alice.post(url("save", session, 1), {"text": "x" * 200_001}, headers=json)
    assert refused.status_code == 422
    assert "shorten it" in refused.json()["message"]
    assert session.items.get().draft == {"text": "x" * 20_001}


def test_a_second_tab_learns_that_the_answer_is_committed_already(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", "single")
    position = session.items.get(question__kind="open").position
    as_alice.post(url("commit", session, position), {"text": "The first tab"})
    late = as_alice.post(url("save", session, position), {"text": "The second tab", "go": "overview"}, follow=True)
    assert "already had your answer" in text_of(late)
    json = as_alice.post(
        url("save", session, position), {"text": "The second tab"}, headers={"Accept": "application/json"}
    ).json()
    assert json["saved"] is False
    assert "already had your answer" in json["message"]
    assert session.items.get(position=position).answer == {"text": "The first tab"}


def test_a_second_tab_learns_that_the_quiz_is_finished(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    as_alice.post(url("finish", session))
    told = as_alice.post(url("save", session, 1), {"text": "Late"}, headers={"Accept": "application/json"}).json()
    assert told == {"saved": False, "message": "This quiz is finished, so the answer was not counted."}
    assert told["message"] in text_of(as_alice.post(url("save", session, 1), {"text": "Late"}, follow=True))
    assert session.items.get().draft == {}


@pytest.mark.parametrize("go", ["99", "-1", "../../admin", "9" * 50])
def test_going_nowhere_stays_here(as_alice: Client, alice: User, go: str) -> None:
    session = begin(alice, "open")
    assert as_alice.post(url("save", session, 1), {"go": go}).headers["Location"] == url("item", session, 1)


def test_a_flag_comes_and_goes(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    as_alice.post(url("save", session, 1), {"text": "Half", "flag": "on"})
    assert session.items.get().flagged
    assert "⚑ flagged" in as_alice.get(url("item", session, 1)).content.decode()
    as_alice.post(url("commit", session, 1), {"text": "Whole"})
    as_alice.post(url("save", session, 1), {"flag": "off"})
    item = session.items.get()
    assert not item.flagged
    assert item.answer == {"text": "Whole"}


def test_the_order_of_options_stays_on_reload(as_alice: Client, alice: User) -> None:
    session = begin(alice, "multiple")
    orders = {
        tuple(re.findall(r'name="choices" value="(\w+)"', as_alice.get(url("item", session, 1)).content.decode()))
        for _ in range(3)
    }
    assert len(orders) == 1


# Time


def test_the_page_says_how_much_time_is_left(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", minutes=20)
    seconds = re.search(r'data-seconds-left="(\d+)"', as_alice.get(url("item", session, 1)).content.decode())
    assert seconds
    assert 1195 <= int(seconds[1]) <= 1200


def test_an_answer_after_the_time_is_kept_and_called_late(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", minutes=5, started=timezone.now() - dt.timedelta(days=31))
    assert "The time is up. Nothing is lost" in text_of(as_alice.get(url("item", session, 1)))
    as_alice.post(url("commit", session, 1), ANSWERS["single"])
    item = session.items.get()
    assert item.late
    assert item.score == 1
    as_alice.post(url("finish", session))
    assert "1 late" in text_of(as_alice.get(url("result", session)))


def test_the_clock_of_the_quiz_stays_in_sight_while_an_answer_is_read(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "multiple", minutes=10)
    for position, kept in ((1, True), (2, False)):
        item = session.items.select_related("question").get(position=position)
        as_alice.post(url("commit", session, position), form_of(item.question.kind))
        page = as_alice.get(url("item", session, position)).content.decode()
        assert ("data-seconds-left" in page) is kept, "with nothing left to answer no clock runs"


def test_a_quiz_left_for_a_month_goes_on_where_it_was(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", "single", started=timezone.now() - dt.timedelta(days=31))
    position = session.items.get(question__kind="open").position
    as_alice.post(url("save", session, position), ANSWERS["open"])
    session.items.update(opened_at=session.started_at)
    assert reverse("quizzes:session", args=[session.uuid]) in as_alice.get(reverse("quizzes:new")).content.decode()
    assert as_alice.get(url("session", session)).status_code == 302
    assert ANSWERS["open"]["text"] in text_of(as_alice.get(url("item", session, position)))
    as_alice.post(url("commit", session, position), ANSWERS["open"])
    item = session.items.get(position=position)
    assert item.committed
    assert not item.late, "without a time limit nothing is"


def test_a_question_retired_in_the_middle_of_a_quiz_is_asked_and_marked_as_drawn(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "numeric")
    Question.objects.update(status="retired")
    for item in session.items.select_related("question"):
        assert as_alice.get(url("item", session, item.position)).status_code == 200
        as_alice.post(url("commit", session, item.position), ANSWERS[item.question.kind])
    as_alice.post(url("finish", session))
    assert {item.score for item in session.items.all()} == {1.0}
    assert as_alice.get(url("result", session)).status_code == 200


# Marking one's own answer


def test_ticks_add_up_and_lead_on(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", "single")
    position = session.items.get(question__kind="open").position
    as_alice.post(url("commit", session, position), ANSWERS["open"])
    response = as_alice.post(url("tick", session, position), {"points": ["additive", "gate"], "on": "1"})
    assert response.headers["Location"] == url("item", session, 3 - position)
    assert session.items.get(position=position).score == 0.6


def test_ticks_before_an_answer_are_refused(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    response = as_alice.post(url("tick", session, 1), {"points": ["additive"]}, follow=True)
    assert "Commit an answer first" in text_of(response)
    assert session.items.get().score is None


def test_an_unknown_point_is_refused(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    as_alice.post(url("commit", session, 1), ANSWERS["open"])
    response = as_alice.post(url("tick", session, 1), {"points": ["charm"]}, follow=True)
    assert "The rubric has no point" in text_of(response)
    assert session.items.get().ticks is None


def test_a_wrong_option_brings_its_card_to_the_front(as_alice: Client, alice: User) -> None:
    card = make_flashcard(misconception="rnn-state-shared")
    session = begin(alice, "single")
    page = as_alice.post(url("commit", session, 1), {"choice": "state"}, follow=True)
    assert "The hidden state is shared over time." in text_of(page)
    assert Card.objects.get(user=alice).flashcard == card
    assert "A question of the type single" in Card.objects.get().reason


def test_a_missed_must_have_point_brings_its_card_to_the_front(as_alice: Client, alice: User) -> None:
    make_flashcard(misconception="lstm-never-vanishes")
    session = begin(alice, "open")
    as_alice.post(url("commit", session, 1), ANSWERS["open"])
    assert not Card.objects.exists()
    as_alice.post(url("tick", session, 1), {"points": ["gate"]})
    assert Card.objects.get(user=alice).reason


# The end


def test_the_overview_says_what_is_open_and_lets_finish(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", "single")
    assert as_alice.get(url("session", session)).headers["Location"] == url("item", session, 1)
    page = text_of(as_alice.get(url("overview", session)))
    assert "2 of 2 still open" in page
    assert "unanswered questions count zero" in page
    response = as_alice.post(url("finish", session))
    assert response.headers["Location"] == url("result", session)
    assert as_alice.get(url("session", session)).headers["Location"] == url("result", session)
    assert as_alice.get(url("overview", session)).headers["Location"] == url("result", session)


def test_nothing_is_counted_after_the_end(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    as_alice.post(url("finish", session))
    response = as_alice.post(url("commit", session, 1), ANSWERS["single"], follow=True)
    assert "was not counted" in text_of(response)
    assert not session.items.get().committed
    assert "Because of weights" not in text_of(as_alice.get(url("item", session, 1)))


def test_the_result_says_what_went_wrong_and_what_to_study(as_alice: Client, alice: User) -> None:
    make_guide()
    session = begin(alice, "single", "open", "numeric", "multiple")
    for item in session.items.select_related("question"):
        kind = item.question.kind
        if kind == "numeric":
            continue
        as_alice.post(url("commit", session, item.position), {"choice": "state"} if kind == "single" else form_of(kind))
        if kind == "open":
            as_alice.post(url("tick", session, item.position), {"points": ["gate"]})
    as_alice.post(url("finish", session))
    response = as_alice.get(url("result", session))
    page = text_of(response)
    assert "1.2 of 4 points" in page
    assert "The hidden state is shared over time." in page
    assert "what changes from step to step" in page
    assert "Says that the path is additive." in page
    assert "Reading with recurrence" in page
    assert reverse("codelabs:lab", args=["lstm-step"]) in response.content.decode()
    assert "1 question was left unanswered and counts zero" in page


def test_a_quiz_finished_with_nothing_answered_is_not_called_a_lack_of_practice(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "numeric")
    as_alice.post(url("finish", session))
    page = text_of(as_alice.get(url("result", session)))
    assert "Nothing was answered, so this says nothing of what you know." in page
    assert "2 questions were left unanswered and count zero" in page
    assert "practice" not in page


def test_the_result_states_no_belief_that_was_not_stated(as_alice: Client, alice: User) -> None:
    make_flashcard(misconception="lstm-never-vanishes")
    session = begin(alice, "open")
    as_alice.post(url("commit", session, 1), ANSWERS["open"])
    as_alice.post(url("tick", session, 1), {"points": ["gate"]})
    as_alice.post(url("finish", session))
    response = as_alice.get(url("result", session))
    assert response.context["result"].mistakes == ()
    assert "Not in your answers yet" in text_of(response)
    assert "Says that the path is additive. Often behind it: “An LSTM never loses gradient.”" in text_of(response)
    assert Card.objects.get(user=alice).reason


def test_the_address_of_a_refused_answer_leads_back_to_its_question(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    for name in ("commit", "save"):
        assert as_alice.get(url(name, session, 1)).headers["Location"] == url("item", session, 1)


def test_an_answer_that_waits_for_its_ticks_is_not_in_the_score(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open", "single")
    for item in session.items.select_related("question"):
        as_alice.post(url("commit", session, item.position), form_of(item.question.kind))
    as_alice.post(url("finish", session))
    page = text_of(as_alice.get(url("result", session)))
    assert "1 of 1 points" in page
    assert "waits for your own marking" in page


def test_the_result_before_the_end_leads_to_the_overview(as_alice: Client, alice: User) -> None:
    session = begin(alice, "open")
    assert as_alice.get(url("result", session)).headers["Location"] == url("overview", session)


def test_what_was_missed_can_be_tried_again(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "multiple")
    for item in session.items.select_related("question"):
        right = item.question.kind == "single"
        as_alice.post(url("commit", session, item.position), ANSWERS["single"] if right else {"choices": ["dropout"]})
    as_alice.post(url("finish", session))
    identity = re.search(r'name="session" value="([^"]+)"', as_alice.get(url("result", session)).content.decode())
    assert identity
    for _ in range(2):
        as_alice.post(url("retry", session), {"session": identity[1]})
    again = QuizSession.objects.exclude(pk=session.pk).get()
    assert [item.question.kind for item in again.items.all()] == ["multiple"]


def test_the_button_counts_what_can_be_tried_again(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single", "multiple", "numeric")
    as_alice.post(url("finish", session))
    assert "Retry the 3 missed" in text_of(as_alice.get(url("result", session)))
    Question.objects.filter(kind="single").update(status=Status.RETIRED)
    assert "Retry the 2 missed" in text_of(as_alice.get(url("result", session)))
    Question.objects.update(status=Status.RETIRED)
    assert "Retry" not in text_of(as_alice.get(url("result", session)))


def test_a_quiz_is_not_retried_before_its_end(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    assert as_alice.post(url("retry", session)).headers["Location"] == url("overview", session)
    assert QuizSession.objects.count() == 1


def test_the_result_lists_levels_from_basic_to_advanced(as_alice: Client, alice: User) -> None:
    for level in ("advanced", "basic", "intermediate"):
        make_question("single", f"q-{level}", level=level)
    session = beginning.start(alice, Filters(number=3), timezone.now(), random.Random(2))
    as_alice.post(url("finish", session))
    page = text_of(as_alice.get(url("result", session)))
    assert page.index("Basic") < page.index("Intermediate") < page.index("Advanced")


def test_times_are_the_learners_own(as_alice: Client, alice: User) -> None:
    begin(alice, "single", started=dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC))
    assert "Quiz of 2 July, 00:30" in text_of(as_alice.get(reverse("quizzes:new")))


def test_nothing_missed_is_nothing_to_retry(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    as_alice.post(url("commit", session, 1), ANSWERS["single"])
    as_alice.post(url("finish", session))
    assert "Nothing was missed" in text_of(as_alice.post(url("retry", session), {"session": "?"}, follow=True))


# Strangers, methods, costs

GETS = ("session", "overview", "result")
ITEM_POSTS = ("save", "commit", "tick")
POSTS = ("finish", "retry")


def test_another_learners_quiz_is_a_404(as_bob: Client, alice: User) -> None:
    session = begin(alice, "single")
    for name in GETS:
        assert as_bob.get(url(name, session)).status_code == 404
    assert as_bob.get(url("item", session, 1)).status_code == 404
    for name in POSTS:
        assert as_bob.post(url(name, session)).status_code == 404
    for name in ITEM_POSTS:
        assert as_bob.post(url(name, session, 1), ANSWERS["single"]).status_code == 404
    assert not SessionItem.objects.committed().exists()


def test_a_position_beyond_the_end_is_a_404(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    assert as_alice.get(url("item", session, 2)).status_code == 404


def test_changes_refuse_get_and_need_a_token(as_alice: Client, alice: User) -> None:
    session = begin(alice, "single")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    for address in [*(url(name, session) for name in POSTS), url("tick", session, 1)]:
        assert as_alice.get(address).status_code == 405
    for address in [url(name, session) for name in POSTS] + [url(name, session, 1) for name in ITEM_POSTS]:
        assert strict.post(address, ANSWERS["single"]).status_code == 403
    assert strict.post(reverse("quizzes:new"), {"number": "5"}).status_code == 403


@pytest.mark.parametrize("name", ["item", "overview", "result", "new"])
def test_a_page_costs_the_same_for_one_question_as_for_many(
    as_alice: Client, alice: User, name: str, django_assert_max_num_queries: Any
) -> None:
    def cost(*kinds: str) -> int:
        session = begin(alice, *kinds)
        for item in session.items.select_related("question"):
            as_alice.post(url("commit", session, item.position), form_of(item.question.kind))
        if name == "result":
            as_alice.post(url("finish", session))
        address = reverse("quizzes:new") if name == "new" else url(name, session, *([1] if name == "item" else []))
        with django_assert_max_num_queries(20) as queries:
            assert as_alice.get(address).status_code == 200
        return len(queries)

    assert cost("single") == cost("multiple", "numeric", "cloze", "output", "bug")
