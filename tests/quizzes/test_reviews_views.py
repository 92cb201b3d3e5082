"""The review page and its posts."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Review
from quizzes.reviewing import bring_forward
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HTMX = {"HX-Request": "true", "HX-Target": "review"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cards(db: None) -> list[Flashcard]:
    return make_flashcards(3)


def rate(client: Client, flashcard: Flashcard, **fields: Any) -> HttpResponse:
    data = {"rating": 3, "version": 0, "event": uuid.uuid4(), "duration_ms": 4000} | fields
    headers = data.pop("headers", {})
    return client.post(f"/review/{flashcard.uuid}/rate/", data, headers=headers)  # type: ignore[return-value]


def undo(client: Client, event: Any = None, **headers: str) -> HttpResponse:
    return client.post("/review/undo/", {"event": event or uuid.uuid4()}, headers=headers)  # type: ignore[return-value]


def text(response: Any) -> str:
    return response.content.decode()


class TestThePage:
    def test_shows_the_front_the_back_and_the_interval_on_each_button(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        page = text(as_alice.get("/review/"))
        for piece in ("<p>Front 0</p>", "<p>Back 0</p>", "1 of 3", "about 3 min left", "Why now?"):
            assert piece in page
        assert re.findall(r'review__interval">([^<]+)<', page)[:3] == ["1 min", "6 min", "10 min"]

    def test_writes_nothing(self, as_alice: Client, cards: list[Flashcard]) -> None:
        as_alice.get("/review/")
        assert not Card.objects.exists()

    def test_makes_an_id_for_browsers_that_make_none(self, as_alice: Client, cards: list[Flashcard]) -> None:
        ids = re.findall(r'name="event" value="([0-9a-f-]{36})"', text(as_alice.get("/review/")))
        assert len(set(ids)) == len(ids) == 5, "a rating and marks of two cards, and an undo"

    def test_says_when_the_next_card_comes_once_nothing_waits(self, as_alice: Client) -> None:
        (only,) = make_flashcards(1)
        rate(as_alice, only, rating=4)
        page = text(as_alice.get("/review/"))
        assert "That is all for now." in page
        assert "The next card comes on " in page

    def test_is_kind_to_a_new_account_without_cards(self, as_alice: Client) -> None:
        assert "There are no cards yet." in text(as_alice.get("/review/"))

    def test_tells_why_a_card_was_brought_forward(self, as_alice: Client, alice: User, cards: list[Flashcard]) -> None:
        slip = make_flashcards(1, misconception="lstm-gate-order", front_html="<p>Which gate?</p>")[0]
        bring_forward(alice, slip.misconception, "from your lab on 2 March", NOON)
        page = text(as_alice.get("/review/"))
        assert "<p>Which gate?</p>" in page
        assert "from your lab on 2 March" in page

    def test_shows_the_card_that_was_asked_for(self, as_alice: Client, cards: list[Flashcard]) -> None:
        assert "<p>Front 2</p>" in text(as_alice.get(f"/review/?card={cards[2].uuid}"))
        assert "<p>Front 0</p>" in text(as_alice.get("/review/?card=nonsense"))

    def test_refuses_posts_and_strangers(self, as_alice: Client, client: Client) -> None:
        assert as_alice.post("/review/").status_code == 405
        assert client.get("/review/").status_code == 302


class TestRating:
    def test_leads_back_to_the_page_which_shows_the_next_card(self, as_alice: Client, cards: list[Flashcard]) -> None:
        response = rate(as_alice, cards[0])
        assert (response.status_code, response["Location"]) == (302, "/review/")
        page = text(as_alice.get("/review/"))
        assert "<p>Front 1</p>" in page
        assert "<span>2 of 3 + 1 to repeat ·</span>" in page
        assert "Good, back in 10 min." in page

    def test_of_all_cards_leaves_those_to_repeat_and_says_how_many_are_done(self, as_alice: Client) -> None:
        for card, rating in zip(make_flashcards(3), (4, 3, 1), strict=True):
            rate(as_alice, card, rating=rating)
        assert "<span>1 of 3 done + 2 to repeat ·</span>" in text(as_alice.get("/review/"))

    def test_answers_htmx_with_the_next_card_alone(self, as_alice: Client, cards: list[Flashcard]) -> None:
        response = rate(as_alice, cards[0], headers=HTMX)
        assert response.status_code == 200
        page = text(response)
        assert page.lstrip().startswith("<section")
        assert "<p>Front 1</p>" in page
        assert "<span data-said hidden>Good, back in 10 min.</span>" in page

    def test_keeps_zone_study_day_and_time_taken(self, as_alice: Client, cards: list[Flashcard], clock: Any) -> None:
        clock.move_to(dt.datetime(2026, 3, 3, 2, 30, tzinfo=dt.UTC))  # 03:30 in Berlin: still the day before
        rate(as_alice, cards[0], duration_ms=10**9)
        review = Review.objects.get()
        assert (review.zone, review.study_day, review.duration_ms) == ("Europe/Berlin", dt.date(2026, 3, 2), 3_600_000)

    def test_sent_twice_is_one_review(self, as_alice: Client, cards: list[Flashcard]) -> None:
        event = uuid.uuid4()
        assert [rate(as_alice, cards[0], event=event).status_code for _ in range(3)] == [302] * 3
        assert Review.objects.count() == 1

    @pytest.mark.parametrize(("headers", "start"), [({}, "<!doctype html>"), (HTMX, "<section")])
    def test_from_a_stale_page_is_refused_with_a_sentence_and_the_card_that_waits(
        self, headers: dict[str, str], start: str, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        rate(as_alice, cards[0], rating=4)
        response = rate(as_alice, cards[0], rating=1, headers=headers)
        assert response.status_code == 409
        page = text(response)
        assert page.lstrip().startswith(start)
        assert "your rating was not counted" in page
        assert "<p>Front 0</p>" in page
        assert "it comes back on " in page
        assert "<p>Front 1</p>" in page
        assert Review.objects.count() == 1

    def test_from_a_stale_page_shows_no_step_before_its_time_but_what_any_reload_shows(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        rate(as_alice, cards[0], rating=1)
        page = text(rate(as_alice, cards[0], rating=4, headers=HTMX))
        assert "it comes back today at 13:01. Here is the card that waits now." in page
        assert f"/review/{cards[1].uuid}/rate/" in page
        assert f"/review/{cards[0].uuid}/rate/" not in page
        assert f"/review/{cards[1].uuid}/rate/" in text(as_alice.get("/review/"))

    def test_from_a_stale_page_shows_the_card_itself_if_nothing_else_waits(self, as_alice: Client) -> None:
        (only,) = make_flashcards(1)
        rate(as_alice, only, rating=1)
        page = text(rate(as_alice, only, rating=3))
        assert "Nothing else waits, so here it is already." in page
        assert 'name="version" value="1"' in page

    @pytest.mark.parametrize(
        "wrong", [{"rating": 0}, {"rating": 5}, {"rating": "good"}, {"event": "x"}, {"version": -1}, {"version": "a"}]
    )
    def test_that_cannot_be_read_is_refused(
        self, wrong: dict[str, Any], as_alice: Client, cards: list[Flashcard]
    ) -> None:
        response = rate(as_alice, cards[0], **wrong)
        assert response.status_code == 400
        assert "could not be read" in text(response)
        assert not Review.objects.exists()

    def test_with_an_id_of_another_learner_is_refused(
        self, as_alice: Client, as_bob: Client, cards: list[Flashcard]
    ) -> None:
        event = uuid.uuid4()
        rate(as_bob, cards[0], event=event)
        assert rate(as_alice, cards[0], event=event).status_code == 409
        assert Review.objects.count() == 1

    def test_of_a_card_that_is_not_published_or_not_there_is_a_404(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        Flashcard.objects.filter(pk=cards[0].pk).update(status="draft")
        assert rate(as_alice, cards[0]).status_code == 404
        assert as_alice.post(f"/review/{uuid.uuid4()}/rate/").status_code == 404

    def test_refuses_get_strangers_and_forged_forms(
        self, as_alice: Client, client: Client, alice: User, cards: list[Flashcard]
    ) -> None:
        address = f"/review/{cards[0].uuid}/rate/"
        assert as_alice.get(address).status_code == 405
        assert client.post(address).status_code == 302
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(alice)
        assert strict.post(address, {"rating": 3}).status_code == 403
        assert not Review.objects.exists()


class TestUndo:
    def test_shows_the_card_again(self, as_alice: Client, cards: list[Flashcard]) -> None:
        rate(as_alice, cards[0])
        rate(as_alice, cards[1])
        response = undo(as_alice)
        assert response["Location"] == f"/review/?card={cards[1].uuid}"
        page = text(as_alice.get(response["Location"]))
        assert "<p>Front 1</p>" in page
        assert "Taken back: Good." in page

    def test_answers_htmx_with_the_card_alone(self, as_alice: Client, cards: list[Flashcard]) -> None:
        rate(as_alice, cards[0])
        page = text(undo(as_alice, **HTMX))
        assert page.lstrip().startswith("<section")
        assert "<p>Front 0</p>" in page

    def test_sent_twice_takes_back_one_rating(self, as_alice: Client, cards: list[Flashcard]) -> None:
        rate(as_alice, cards[0])
        rate(as_alice, cards[1])
        event = uuid.uuid4()
        undo(as_alice, event)
        undo(as_alice, event)
        assert Review.objects.standing().count() == 1

    def test_of_nothing_is_refused_kindly(self, as_alice: Client, as_bob: Client, cards: list[Flashcard]) -> None:
        rate(as_bob, cards[0])
        response = undo(as_alice)
        assert response.status_code == 409
        assert "no rating of the last day" in text(response)

    def test_refuses_bad_ids_get_and_strangers(self, as_alice: Client, client: Client) -> None:
        assert undo(as_alice, "x").status_code == 400
        assert as_alice.get("/review/undo/").status_code == 405
        assert client.post("/review/undo/").status_code == 302


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (dt.timedelta(minutes=30), "The next card comes today at 13:"),
        (dt.timedelta(0), "The next card comes tomorrow"),
    ],
)
def test_the_next_coming_is_said_as_people_say_it(
    later: dt.timedelta, said: str, as_alice: Client, cards: list[Flashcard], alice: User
) -> None:
    rate(as_alice, cards[0], rating=4)
    Flashcard.objects.exclude(pk=cards[0].pk).update(status="draft")
    card = Card.objects.get()
    if later:
        Card.objects.update(state="learning", step=1, due_day=None, due=NOON + later)
    else:
        Card.objects.update(due_day=dt.date(2026, 3, 3), queue_day=dt.date(2026, 3, 3))
    assert card.user == alice
    assert said in text(as_alice.get("/review/"))
