"""Questions and guides on pages of their own, for learners and for visitors."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from codelabs.models import Lab
from prepsite.accounts.models import User
from prepsite.lib.versioned import Status
from quizzes import beginning
from quizzes.models import Card, Guide, Question, QuizSession, Revision, SessionItem
from tests.quizzes.factories import ANSWERS, KINDS, make_flashcard, make_guide, make_question, make_topic

pytestmark = pytest.mark.django_db
SECRETS = (
    "The short answer",
    "minutes.</p>",
    "Because of",
    "Says that the path",
    "Interviewers listen",
    "forget.</li>",
)


def page_of(question: Question) -> str:
    return reverse("quizzes:question", args=[question.slug])


def answer_of(question: Question) -> str:
    return reverse("quizzes:answer", args=[question.slug])


def ticks_of(question: Question) -> str:
    return reverse("quizzes:ticks", args=[question.slug])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def form_of(kind: str) -> dict[str, Any]:
    answer = ANSWERS[kind]
    if kind == "cloze":
        return {f"gap_{number}": gap for number, gap in enumerate(answer["gaps"], start=1)}
    return answer


# A learner's question


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_answer_comes_after_the_answer_and_never_before(as_alice: Client, kind: str) -> None:
    question = make_question(kind)
    before = as_alice.get(page_of(question)).content.decode()
    for secret in SECRETS:
        assert secret not in before
    after = as_alice.post(answer_of(question), form_of(kind) | {"attempt": "0"}, follow=True).content.decode()
    assert "The short answer" in after
    assert "Interviewers listen" in after
    assert reverse("codelabs:lab", args=["lstm-step"]) in after


def test_an_answer_is_kept_with_the_version_that_was_answered(as_alice: Client, alice: User) -> None:
    question = make_question("single")
    Question.objects.update(version=4)
    as_alice.post(answer_of(question), ANSWERS["single"])
    item = SessionItem.objects.get(session__user=alice)
    assert (item.question_version, item.score, item.session.kind) == (4, 1.0, "question")
    assert item.session.finished_at == item.committed_at


def test_the_three_lengths_and_the_line_are_shown(as_alice: Client) -> None:
    question = make_question("open")
    page = text_of(as_alice.post(answer_of(question), ANSWERS["open"], follow=True))
    for words in ("In 30 seconds", "In 2 minutes", "In 5 minutes", "the line: 6 of 10", "Yours to mark"):
        assert words in page


def test_ticks_are_saved_and_shown_again(as_alice: Client) -> None:
    question = make_question("open")
    as_alice.post(answer_of(question), ANSWERS["open"])
    page = as_alice.post(ticks_of(question), {"points": ["additive", "gate", "total"]}, follow=True)
    assert "9 of 10, outstanding" in text_of(page)
    assert page.content.decode().count(" checked") == 3
    assert SessionItem.objects.get().score == 0.9


def test_a_missed_must_have_point_brings_its_card_to_the_front(as_alice: Client, alice: User) -> None:
    card = make_flashcard(misconception="lstm-never-vanishes")
    question = make_question("open")
    as_alice.post(answer_of(question), ANSWERS["open"])
    as_alice.post(ticks_of(question), {"points": ["gate"]})
    assert Card.objects.get(user=alice).flashcard == card


def test_a_point_left_out_is_no_belief_stated(as_alice: Client) -> None:
    question = make_question("open")
    as_alice.post(answer_of(question), ANSWERS["open"])
    assert "Not in your answer yet" not in text_of(as_alice.get(page_of(question)))
    page = text_of(as_alice.post(ticks_of(question), {"points": ["gate"]}, follow=True))
    assert "A common mistake" not in page
    assert "Not in your answer yet Says that the path is additive. Often behind it: “An LSTM never" in page


def test_a_lab_is_named_by_its_title(as_alice: Client) -> None:
    question = make_question("numeric", labs=["lstm-step", "not-there-yet"])
    Lab.objects.create(slug="lstm-step", title="LSTM step with composite gates", number=1, topic="recurrent-networks")
    page = text_of(as_alice.post(answer_of(question), ANSWERS["numeric"], follow=True))
    assert "Write it yourself: LSTM step with composite gates · not there yet" in page


@pytest.mark.parametrize(
    ("value", "unit", "label", "hint"),
    [(1280, "numbers", "Your number Enter Such", "1280 or 1.28e3"), (0.5, "MB", "Your number in MB", "0.25, 1/4")],
)
def test_the_number_field_fits_its_number(as_alice: Client, value: float, unit: str, label: str, hint: str) -> None:
    question = make_question("numeric", spec={"value": value, "unit": unit, "relative": 0.01})
    page = text_of(as_alice.get(page_of(question)))
    assert label in page
    assert f"Such as {hint}" in page


def test_several_lengths_may_be_open_at_once(as_alice: Client) -> None:
    page = as_alice.post(answer_of(make_question("open")), ANSWERS["open"], follow=True).content.decode()
    assert page.count("<details") >= 3
    assert "<details name" not in page


def test_who_asked_to_be_shown_is_not_asked_what_they_said(as_alice: Client) -> None:
    page = text_of(as_alice.post(answer_of(make_question("open")), {"give-up": "1"}, follow=True))
    assert "What a full answer says" in page
    assert "What did your answer say" not in page


def test_the_score_of_several_ticks_is_explained(as_alice: Client) -> None:
    ticked = {"choices": ["gates", "attention"]}
    page = text_of(as_alice.post(answer_of(make_question("multiple")), ticked, follow=True))
    assert "less the share of wrong ones" in page


def test_a_line_that_was_not_found_is_called_missed(as_alice: Client) -> None:
    page = as_alice.post(answer_of(make_question("bug")), {"lines": ["2"]}, follow=True).content.decode()
    assert 'code-line__mark">missed<' in page
    assert 'code-line__mark">here<' not in page


def test_the_address_of_a_refused_answer_leads_back_to_its_question(as_alice: Client, client: Client) -> None:
    question = make_question("open")
    assert as_alice.post(answer_of(question), {"text": ""}).status_code == 422
    for visitor in (as_alice, client):
        assert visitor.get(answer_of(question)).headers["Location"] == page_of(question)


def test_ticks_without_an_answer_are_a_404(as_alice: Client, client: Client) -> None:
    question = make_question("open", "rnn-weights-shared")
    assert as_alice.post(ticks_of(question), {"points": ["gate"]}).status_code == 404
    assert client.post(ticks_of(question), {"points": ["gate"]}).status_code == 404


def test_a_double_click_is_one_answer(as_alice: Client, alice: User) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), {"attempt": "0", "choice": "state"})
    response = as_alice.post(answer_of(question), {"attempt": "0", "choice": "weights"}, follow=True)
    assert "the first one counts" in text_of(response)
    assert SessionItem.objects.get(session__user=alice).answer == {"choice": "state"}


def test_a_question_can_be_answered_afresh_and_the_history_keeps_both(as_alice: Client, alice: User) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), {"attempt": "0", "choice": "state"})
    again = as_alice.get(page_of(question) + "?again=1").content.decode()
    assert 'name="attempt" value="1"' in again
    assert "The short answer" not in again
    as_alice.post(answer_of(question), {"attempt": "1", "choice": "weights"})
    assert [item.answer["choice"] for item in SessionItem.objects.order_by("pk")] == ["state", "weights"]
    assert "✓ right, your choice" in text_of(as_alice.get(page_of(question)))


@pytest.mark.parametrize("attempt", ["", "7", "-1", "x", "9" * 40])
def test_an_attempt_out_of_the_air_is_the_next_one(as_alice: Client, attempt: str) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), {"attempt": attempt, "choice": "weights"})
    assert SessionItem.objects.get().score == 1


def test_a_draft_waits_on_the_page(as_alice: Client) -> None:
    question = make_question("open")
    json = {"Accept": "application/json"}
    saved = as_alice.post(answer_of(question), {"attempt": "0", "text": "Half", "draft": "1"}, headers=json)
    assert saved.json()["saved"] is True
    page = as_alice.get(page_of(question)).content.decode()
    assert ">Half</textarea>" in page
    assert "The short answer" not in page
    as_alice.post(answer_of(question), {"attempt": "0", "text": "Whole"})
    assert SessionItem.objects.get().answer == {"text": "Whole"}


def test_a_single_question_is_no_unfinished_quiz(as_alice: Client) -> None:
    question = make_question("open")
    as_alice.post(answer_of(question), {"text": "Half", "draft": "1"})
    assert not QuizSession.objects.quizzes().exists()
    assert "Waiting for you" not in text_of(as_alice.get(reverse("quizzes:new")))


def test_the_options_stay_where_they_were_when_the_answer_comes(as_alice: Client) -> None:
    question = make_question("multiple")
    before = re.findall(r'name="choices" value="(\w+)"', as_alice.get(page_of(question)).content.decode())
    texts = {choice.key: choice.text for choice in question.choices.all()}
    after = text_of(as_alice.post(answer_of(question), ANSWERS["multiple"], follow=True))
    assert sorted(before, key=lambda key: after.index(texts[key])) == before


def test_an_empty_or_endless_answer_is_refused_and_kept_in_the_form(as_alice: Client) -> None:
    question = make_question("open")
    assert as_alice.post(answer_of(question), {"text": ""}).status_code == 422
    long = as_alice.post(answer_of(question), {"text": "ab " * 33_000})
    assert long.status_code == 422
    assert "ab " * 33_000 in long.content.decode()
    assert not SessionItem.objects.committed().exists()


def test_a_half_filled_cloze_is_refused_once_and_kept(as_alice: Client) -> None:
    question = make_question("cloze")
    refused = as_alice.post(answer_of(question), {"gap_1": "tanh", "gap_2": ""})
    assert refused.status_code == 422
    assert "One gap is empty" in text_of(refused)
    assert 'name="with-gaps"' in refused.content.decode()
    assert 'value="tanh"' in as_alice.get(page_of(question)).content.decode()
    as_alice.post(answer_of(question), {"gap_1": "tanh", "gap_2": "", "with-gaps": "1"})
    assert SessionItem.objects.get().score == 0.5


def test_a_gap_that_wanted_a_formula_shows_it_as_one(as_alice: Client) -> None:
    question = make_question("cloze")
    question.spec = {"gaps": [["$x_t < y$"], ["a < b"]]}
    question.save()
    as_alice.post(answer_of(question), {"gap_1": "wrong", "gap_2": "wrong"})
    page = as_alice.get(page_of(question)).content.decode()
    assert "<math" in page
    assert "$x_t" not in page
    assert "a &lt; b" in page


def test_a_visitors_half_filled_cloze_is_refused_once(client: Client) -> None:
    question = make_question("cloze", "rnn-weights-shared")
    refused = client.post(answer_of(question), {"gap_1": "", "gap_2": "sigmoid"})
    assert "One gap is empty" in text_of(refused)
    client.post(answer_of(question), {"gap_1": "", "gap_2": "sigmoid", "with-gaps": "1"})
    assert "Partly right, 50%" in text_of(client.get(page_of(question)))


def test_changes_refuse_get_and_need_a_token(as_alice: Client, alice: User) -> None:
    question = make_question("open")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert as_alice.get(ticks_of(question)).status_code == 405
    for address in (answer_of(question), ticks_of(question)):
        assert strict.post(address, ANSWERS["open"]).status_code == 403


def test_bob_sees_nothing_of_alices_answer(as_alice: Client, as_bob: Client) -> None:
    question = make_question("open")
    as_alice.post(answer_of(question), ANSWERS["open"])
    page = as_bob.get(page_of(question)).content.decode()
    assert "The path is additive." not in page
    assert "The short answer" not in page


def test_bob_cannot_lie_in_wait_for_alices_answer(as_alice: Client, as_bob: Client, alice: User, bob: User) -> None:
    """The address of an answer to come, however bob came by it, is no place where he can put a quiz of his own."""
    question = make_question("open")
    for name in (beginning.attempt_id(alice, question, 0), uuid.uuid5(question.uuid, f"{alice.pk}/0")):
        as_bob.post(reverse("quizzes:new"), {"number": "1", "session": str(name)})
    as_alice.post(answer_of(question), {"text": "A draft of hers", "attempt": "0", "draft": "1"})
    as_alice.post(answer_of(question), ANSWERS["open"] | {"attempt": "0"})
    for item in SessionItem.objects.for_user(bob):
        page = as_bob.get(reverse("quizzes:item", args=[item.session.uuid, item.position])).content.decode()
        assert "A draft of hers" not in page
        assert "The path is additive." not in page
    assert SessionItem.objects.for_user(alice).committed().count() == 1


def test_the_next_question_of_the_topic_follows(as_alice: Client) -> None:
    first = make_question("single", "b-first", order=1)
    make_question("open", "c-next", order=2, title="The one after")
    make_question("open", "a-last", order=3, title="The last one")
    make_question("open", "elsewhere", order=2, topic=make_topic("convolution"), title="Somewhere else")
    assert "Next: The one after" in text_of(as_alice.post(answer_of(first), ANSWERS["single"], follow=True))


# Questions that move on

EDITED = """+++
id = "7b0d1c9c-3f0a-4e36-9d0a-6a2f4f4d1a11"
title = "As it was asked"
topic = "recurrent-networks"
concepts = ["recurrence"]
type = "single"
level = "basic"
+++

What was the question?

# Answer

The answer of then.

# Choices

- [x] `then` The right one of then
  Why: It was so.
- [ ] `other` The wrong one of then
  Why: It was not.
"""


def test_an_edited_question_is_shown_and_marked_as_it_was_drawn(as_alice: Client, alice: User) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), {"draft": "1", "choice": "then"})
    Revision.objects.create(question=question, version=1, source=EDITED)
    Question.objects.update(version=2)
    page = text_of(as_alice.get(page_of(question)))
    assert "What was the question?" in page
    assert "The right one of then" in page
    assert "edited after it was drawn; you see it as it was asked" in page
    after = text_of(as_alice.post(answer_of(question), {"choice": "then", "attempt": "0"}, follow=True))
    assert "The answer of then." in after
    assert SessionItem.objects.get().score == 1


def test_a_draft_is_read_by_the_form_it_was_begun_with(as_alice: Client) -> None:
    question = make_question("open")
    as_alice.post(answer_of(question), {"draft": "1", "text": "then"})
    Revision.objects.create(question=question, version=1, source=EDITED)
    Question.objects.update(version=2)
    as_alice.post(answer_of(question), {"choice": "then", "attempt": "0"})
    assert SessionItem.objects.get().answer == {"choice": "then"}


def test_an_edited_question_without_its_earlier_text_says_so(as_alice: Client) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), ANSWERS["single"])
    Question.objects.update(version=2)
    assert "its earlier text is not kept" in text_of(as_alice.get(page_of(question)))


def test_a_retired_question_stays_open_to_those_who_answered_it(as_alice: Client, as_bob: Client) -> None:
    question = make_question("single")
    as_alice.post(answer_of(question), ANSWERS["single"])
    Question.objects.update(status=Status.RETIRED)
    assert "was retired after it was drawn" in text_of(as_alice.get(page_of(question)))
    assert as_bob.get(page_of(question)).status_code == 404


def test_drafts_of_authors_are_for_staff(as_alice: Client, as_carol: Client, client: Client) -> None:
    question = make_question("single", status=Status.DRAFT)
    assert as_alice.get(page_of(question)).status_code == 404
    assert client.get(page_of(question)).status_code == 404
    assert as_carol.get(page_of(question)).status_code == 200


# Visitors


def test_a_visitor_sees_a_question_and_is_invited(client: Client) -> None:
    question = make_question("bug")
    page = client.get(page_of(question)).content.decode()
    assert "return" in page
    assert "Sign up to answer it" in page
    assert "<form id" not in page
    for secret in SECRETS:
        assert secret not in page


def test_a_visitors_answer_to_another_question_leads_to_signing_up(client: Client) -> None:
    question = make_question("open")
    response = client.post(answer_of(question), ANSWERS["open"])
    assert response.headers["Location"].startswith(reverse("account_signup"))
    assert not SessionItem.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_visitor_may_try_one_question_and_nothing_is_stored(client: Client, kind: str) -> None:
    question = make_question(kind, "rnn-weights-shared")
    before = client.get(page_of(question)).content.decode()
    for secret in SECRETS:
        assert secret not in before
    after = client.post(answer_of(question), form_of(kind), follow=True)
    assert "The short answer" in text_of(after)
    assert "lives in this browser only" in text_of(after)
    assert not SessionItem.objects.exists()


def test_a_visitor_ticks_points(client: Client) -> None:
    question = make_question("open", "rnn-weights-shared")
    client.post(answer_of(question), ANSWERS["open"])
    page = client.post(ticks_of(question), {"points": ["additive", "gate"]}, follow=True)
    assert "6 of 10, adequate" in text_of(page)


def test_a_visitors_second_answer_changes_nothing(client: Client) -> None:
    question = make_question("single", "rnn-weights-shared")
    client.post(answer_of(question), {"choice": "state"})
    page = text_of(client.post(answer_of(question), {"choice": "weights"}, follow=True))
    assert "the first one counts" in page
    assert "✕ your choice" in page


def test_a_visitors_answer_ends_with_the_version_it_was_given_to(client: Client) -> None:
    question = make_question("single", "rnn-weights-shared")
    client.post(answer_of(question), {"choice": "state"})
    Question.objects.update(version=2)
    assert "The short answer" not in text_of(client.get(page_of(question)))


# Guides


def guide_page(guide: Guide) -> str:
    return reverse("quizzes:guide", args=[guide.slug])


def test_a_guide_shows_its_contents_and_what_comes_next(client: Client) -> None:
    guide = make_guide(order=1)
    make_guide("backprop-through-time", title="Backpropagation through time", order=2)
    make_guide("elsewhere", title="Elsewhere", order=1, topic=make_topic("convolution"))
    make_question("single")
    response = client.get(guide_page(guide))
    page = text_of(response)
    assert 'href="#gradients"' in response.content.decode()
    assert 'class="contents__3"' in response.content.decode()
    assert "15 min" in page
    assert "Backpropagation through time" in page
    assert "Elsewhere" not in page
    assert "1 question" in page


def test_the_last_guide_has_none_after_it(client: Client) -> None:
    guide = make_guide()
    assert "next guide" not in text_of(client.get(guide_page(guide)))


def test_a_draft_guide_is_for_staff(client: Client, as_carol: Client) -> None:
    guide = make_guide(status=Status.DRAFT)
    assert client.get(guide_page(guide)).status_code == 404
    assert as_carol.get(guide_page(guide)).status_code == 200
    assert client.post(guide_page(guide)).status_code == 405


def test_pages_cost_the_same_however_much_there_is(as_alice: Client, django_assert_max_num_queries: Any) -> None:
    guide = make_guide()
    question = make_question("open")
    as_alice.post(answer_of(question), ANSWERS["open"])

    def cost(address: str) -> int:
        with django_assert_max_num_queries(16) as queries:
            assert as_alice.get(address).status_code == 200
        return len(queries)

    before = cost(guide_page(guide)), cost(page_of(question))
    for number in range(4):
        make_guide(f"more-{number}")
        make_question("single", f"more-{number}")
        make_flashcard(f"more-{number}", question=question)
        as_alice.post(answer_of(question), ANSWERS["open"] | {"attempt": str(number + 1)})
    assert (cost(guide_page(guide)), cost(page_of(question))) == before
