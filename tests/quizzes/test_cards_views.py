"""All cards, one card, what is set on it, cards of one's own, plans and reports: each view works and refuses what it
must."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from prepsite.accounts.models import User
from quizzes.models import Break, Card, ErrorReport, Flashcard, Plan, Review
from quizzes.own_cards import OwnCard, write
from tests.quizzes.factories import make_guide, make_question, make_topic
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cards(db: None) -> list[Flashcard]:
    return make_flashcards(3)


def text(response: Any) -> str:
    return str(response.content.decode())


def act(client: Client, flashcard: Flashcard, name: str, headers: Any = None, **fields: Any) -> Any:
    data = {"event": uuid.uuid4()} | fields
    return client.post(f"/cards/{flashcard.uuid}/{name}/", data, headers=headers or {})


def rate(client: Client, flashcard: Flashcard, **fields: Any) -> Any:
    data = {"rating": 3, "version": 0, "event": uuid.uuid4(), "duration_ms": 4000} | fields
    return client.post(f"/review/{flashcard.uuid}/rate/", data)


class TestBrowsing:
    def test_lists_what_a_search_finds_with_what_is_remembered(self, as_alice: Client, cards: list[Flashcard]) -> None:
        rate(as_alice, cards[0], rating=4)
        page = text(as_alice.get("/cards/?q=-is:new"))
        assert "1 card found" in page
        assert "<p>Front 0</p>" in page
        assert "<p>Front 1</p>" not in page

    def test_tells_what_is_wrong_with_a_search_and_where(self, as_alice: Client) -> None:
        response = as_alice.get("/cards/?q=is:due level:expert")
        assert response.status_code == 400
        assert "It is about character 14" in text(response)
        assert "<mark>e</mark>xpert" in text(response)

    def test_costs_the_same_queries_for_few_and_many(
        self, as_alice: Client, cards: list[Flashcard], django_assert_num_queries: Any
    ) -> None:
        def queries() -> Any:
            return django_assert_num_queries(5)  # session, user, number, page, reports

        with queries():
            as_alice.get("/cards/")
        make_flashcards(40)
        with queries():
            as_alice.get("/cards/")

    def test_marks_many_at_once_and_one_undo_takes_it_back(self, as_alice: Client, cards: list[Flashcard]) -> None:
        ticked = {"card": [card.uuid for card in cards], "what": "suspend", "event": uuid.uuid4(), "q": "is:new"}
        for _ in range(2):  # a double click
            response = as_alice.post("/cards/marks/", ticked)
            assert response["Location"] == "/cards/?q=is%3Anew"
        assert Card.objects.filter(suspended=True).count() == Review.objects.count() == 3
        as_alice.post("/review/undo/", {"event": uuid.uuid4()})
        assert not Card.objects.filter(suspended=True).exists()

    @pytest.mark.parametrize(
        "wrong", [{"card": []}, {"card": ["x"]}, {"what": "explode"}, {"event": "x"}, {"card": [str(uuid.uuid4())]}]
    )
    def test_marks_nothing_that_it_cannot_read(
        self, wrong: dict[str, Any], as_alice: Client, cards: list[Flashcard]
    ) -> None:
        as_alice.post("/cards/marks/", {"card": [cards[0].uuid], "what": "suspend", "event": uuid.uuid4()} | wrong)
        assert not Review.objects.exists()

    def test_refuses_get_and_strangers(self, as_alice: Client, client: Client) -> None:
        assert as_alice.get("/cards/marks/").status_code == 405
        assert as_alice.post("/cards/").status_code == 405
        assert client.get("/cards/").status_code == 302
        assert client.post("/cards/marks/").status_code == 302


class TestOneCard:
    def test_tells_its_whole_history_undos_included(self, as_alice: Client, cards: list[Flashcard], clock: Any) -> None:
        rate(as_alice, cards[0], rating=4)
        as_alice.post("/review/undo/", {"event": uuid.uuid4()})
        as_alice.post("/review/redo/", {"event": uuid.uuid4()})
        page = text(as_alice.get(f"/cards/{cards[0].uuid}/"))
        assert "<s>Easy</s>" in page
        assert "Undo: Easy" in page
        assert "Redo: Easy" in page
        clock.move_to(NOON + dt.timedelta(days=4))
        page = text(as_alice.get(f"/cards/{cards[0].uuid}/"))
        assert "<polyline" in page
        assert "Predicted recall from 2 March 2026" in page
        assert "8.3 days" in page

    def test_of_a_card_never_met_says_so(self, as_alice: Client, cards: list[Flashcard]) -> None:
        assert "You have not met this card yet." in text(as_alice.get(f"/cards/{cards[0].uuid}/"))

    def test_costs_the_same_queries_however_long_its_history(
        self, as_alice: Client, cards: list[Flashcard], django_assert_max_num_queries: Any
    ) -> None:
        for version in range(12):
            rate(as_alice, cards[0], rating=4, version=version)
        assert Review.objects.count() == 12
        with django_assert_max_num_queries(12):
            as_alice.get(f"/cards/{cards[0].uuid}/")

    def test_names_a_card_that_keeps_slipping_with_the_section_to_read_again(
        self, as_alice: Client, alice: User, cards: list[Flashcard]
    ) -> None:
        make_guide()
        Flashcard.objects.filter(pk=cards[0].pk).update(back="Gradients fade over many steps.")
        rate(as_alice, cards[0], rating=4)
        Card.objects.update(lapses=8)
        page = text(as_alice.get(f"/cards/{cards[0].uuid}/"))
        assert "You forgot it 8 times." in page
        assert 'href="/guides/reading-rnns/#gradients"' in page

    def test_at_the_eighth_lapse_the_review_page_says_so_and_the_card_stays(
        self, as_alice: Client, alice: User, cards: list[Flashcard], clock: Any
    ) -> None:
        rate(as_alice, cards[0], rating=4)
        Card.objects.update(lapses=7)
        clock.move_to(NOON + dt.timedelta(days=30))
        as_alice.force_login(alice)
        data = {"rating": 1, "version": 1, "event": uuid.uuid4()}
        page = text(as_alice.post(f"/review/{cards[0].uuid}/rate/", data, headers=HTMX))
        assert "You have now forgotten this card 8 times." in page
        assert not Card.objects.get().suspended

    def test_is_hidden_from_everybody_else_if_it_is_ones_own(
        self, as_alice: Client, as_bob: Client, as_carol: Client, alice: User
    ) -> None:
        mine = write(alice, OwnCard("Secret front", "Secret back"))
        assert as_alice.get(f"/cards/{mine.uuid}/").status_code == 200
        for other in (as_bob, as_carol):
            assert other.get(f"/cards/{mine.uuid}/").status_code == 404
            assert "Secret" not in text(other.get("/cards/"))
            assert "Secret" not in text(other.get("/review/"))
            assert rate(other, mine).status_code == 404
            assert act(other, mine, "note", note="x").status_code == 404
        assert "Secret" not in text(as_carol.get("/admin/quizzes/flashcard/"))
        assert as_carol.get(f"/admin/quizzes/flashcard/{mine.pk}/change/").status_code == 302


class TestActs:
    @pytest.mark.parametrize(
        ("what", "field", "value"),
        [
            ("suspend", "suspended", True),
            ("bury", "held_until", dt.date(2026, 3, 3)),
            ("flag-blue", "flag", 4),
        ],
    )
    def test_a_mark_is_set_once_however_often_it_is_sent(
        self, what: str, field: str, value: Any, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        event = uuid.uuid4()
        for _ in range(2):
            assert act(as_alice, cards[0], "mark", what=what, event=event).status_code == 302
        assert getattr(Card.objects.get(), field) == value
        assert Review.objects.get().kind == "mark"

    def test_from_the_review_page_it_leads_to_the_card_that_waits_now(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        page = text(act(as_alice, cards[0], "mark", headers=HTMX, what="bury", back="review"))
        assert "<p>Front 1</p>" in page
        assert "Buried until your next study day." in page
        page = text(act(as_alice, cards[1], "mark", headers=HTMX, what="flag-red", back="review", open="1"))
        assert "red flag" in page
        assert "data-answer open" in page

    def test_a_note_is_rendered_sanitised_and_taken_away_when_empty(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        act(as_alice, cards[0], "note", note="**Mine** <script>alert(1)</script> $x^2$")
        card = Card.objects.get()
        assert "<strong>Mine</strong>" in card.note_html
        assert "<math" in card.note_html
        assert "<script" not in card.note_html
        act(as_alice, cards[0], "note", note="  ")
        assert Card.objects.get().note_html == ""

    def test_a_note_that_is_too_long_is_refused_with_a_sentence(self, as_alice: Client, cards: list[Flashcard]) -> None:
        response = act(as_alice, cards[0], "note", headers=HTMX, note="x" * 5001, back="review")
        assert response.status_code == 400
        assert "at most 5,000 characters" in text(response)
        assert not Card.objects.exists()

    @pytest.mark.parametrize("name", ["mark", "note", "report"])
    def test_refuse_get_and_strangers(
        self, name: str, as_alice: Client, client: Client, cards: list[Flashcard]
    ) -> None:
        address = f"/cards/{cards[0].uuid}/{name}/"
        assert as_alice.get(address).status_code == 405
        assert client.post(address).status_code == 302
        assert as_alice.post(f"/cards/{uuid.uuid4()}/{name}/").status_code == 404

    @pytest.mark.parametrize("wrong", [{"what": "explode"}, {"what": ""}, {"event": "x"}])
    def test_a_mark_that_cannot_be_read_is_refused(
        self, wrong: dict[str, Any], as_alice: Client, cards: list[Flashcard]
    ) -> None:
        response = act(as_alice, cards[0], "mark", headers=HTMX, back="review", **{"what": "bury"} | wrong)
        assert response.status_code == 400
        assert not Review.objects.exists()


class TestReports:
    def test_go_to_staff_with_the_version_and_come_back_with_an_answer(
        self, as_alice: Client, as_carol: Client, cards: list[Flashcard]
    ) -> None:
        for _ in range(2):
            act(as_alice, cards[0], "report", text="The sign is wrong", version=cards[0].version)
        report = ErrorReport.objects.get()
        assert (report.flashcard_version, report.state) == (cards[0].version, "open")
        assert "The sign is wrong" in text(as_carol.get("/admin/quizzes/errorreport/"))
        address = f"/admin/quizzes/errorreport/{report.pk}/change/"
        assert "now version" in text(as_carol.get(address))
        as_carol.post(address, {"state": "mended", "answer": "Thank you, it is minus."})
        report.refresh_from_db()
        assert (report.state, report.answered_at) == ("mended", NOON)
        for page in ("/cards/reports/", f"/cards/{cards[0].uuid}/"):
            assert "Thank you, it is minus." in text(as_alice.get(page))

    def test_are_nobody_elses(self, as_alice: Client, as_bob: Client, cards: list[Flashcard]) -> None:
        act(as_alice, cards[0], "report", text="Mine", version=1)
        assert "Nothing reported yet." in text(as_bob.get("/cards/reports/"))

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"text": " ", "version": 1}, "Say in a few words"),
            ({"text": "x" * 2001, "version": 1}, "at most 2,000 characters"),
            ({"text": "x", "version": "y"}, "Enter a whole number"),
        ],
    )
    def test_that_say_nothing_or_too_much_are_refused(
        self, fields: dict[str, Any], said: str, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        response = act(as_alice, cards[0], "report", headers=HTMX, back="review", **fields)
        assert response.status_code == 400
        assert said in text(response)
        assert not ErrorReport.objects.exists()


class TestOwnCards:
    FIELDS = {"kind": "basic", "front": "What is $x$?", "back": "A **letter**.", "pile": "Mine", "topic": ""}

    def test_are_written_met_reviewed_and_changed(self, as_alice: Client, alice: User) -> None:
        as_alice.post("/cards/new/", self.FIELDS)
        mine = Flashcard.objects.get(owner=alice)
        assert (mine.pile, mine.version, mine.slug) == ("Mine", 1, f"own-{mine.uuid}")
        page = text(as_alice.get("/review/"))
        assert "<math" in page
        rate(as_alice, mine, rating=4)
        before = Card.objects.get().memory
        as_alice.post(f"/cards/{mine.uuid}/edit/", self.FIELDS | {"back": "A variable."})
        mine.refresh_from_db()
        assert (mine.version, mine.back_html) == (2, "<p>A variable.</p>")
        assert Card.objects.get().memory == before

    def test_with_a_gap_hide_its_answer_in_front(self, as_alice: Client, alice: User) -> None:
        as_alice.post("/cards/new/", self.FIELDS | {"kind": "cloze", "front": "Gates use {{sigmoid}}.", "back": ""})
        mine = Flashcard.objects.get(owner=alice)
        assert "sigmoid" not in mine.front_html
        assert "sigmoid" in mine.back_html

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"front": " "}, "Write something on the front."),
            ({"back": ""}, "Write something on the back."),
            ({"front": "x" * 10_001}, "at most 10,000 characters"),
            ({"kind": "cloze"}, "exactly one gap"),
            ({"kind": "cloze", "front": "{{a}} {{b}}"}, "exactly one gap"),
            ({"kind": "cloze", "front": "$x_{{{a}}}$"}, "The gap stands where it cannot be shown"),
            ({"kind": "lab"}, "not one of the available choices"),
            ({"topic": "nowhere"}, "not one of the available choices"),
        ],
    )
    def test_that_cannot_be_are_refused_and_nothing_written_is_lost(
        self, change: dict[str, str], said: str, as_alice: Client
    ) -> None:
        response = as_alice.post("/cards/new/", self.FIELDS | change)
        assert response.status_code == 400
        page = text(response)
        assert said in page
        assert "A **letter**." in page or change.get("back") == ""
        assert not Flashcard.objects.exists()

    def test_are_previewed_sanitised_and_saved_by_no_preview(self, as_alice: Client) -> None:
        for address, extra in (("/cards/preview/", {}), ("/cards/new/", {"preview": "1"})):
            front = "<img src=x onerror=alert(1)> $\\frac{1$"
            page = text(as_alice.post(address, self.FIELDS | extra | {"front": front}))
            assert "onerror=alert" not in page.replace("&lt;img src=x onerror=alert(1)&gt;", "")
            assert "Front, line 1" in page
        assert not Flashcard.objects.exists()

    def test_set_aside_come_no_more_and_can_be_taken_up_again(
        self, as_alice: Client, as_bob: Client, alice: User
    ) -> None:
        mine = write(alice, OwnCard("F", "B"))
        address = f"/cards/{mine.uuid}/discard/"
        assert as_bob.post(address).status_code == 404
        as_alice.post(address)
        assert as_alice.get(f"/cards/{mine.uuid}/").status_code == 404
        assert "F" in text(as_alice.get("/cards/discarded/"))
        as_alice.post(address, {"again": "1"})
        assert as_alice.get(f"/cards/{mine.uuid}/").status_code == 200

    def test_refuse_strangers_and_get_where_it_changes_something(
        self, as_alice: Client, as_bob: Client, client: Client, alice: User
    ) -> None:
        mine = write(alice, OwnCard("F", "B"))
        assert client.get("/cards/new/").status_code == 302
        assert client.post("/cards/preview/").status_code == 302
        assert as_alice.get("/cards/preview/").status_code == 405
        assert as_alice.get(f"/cards/{mine.uuid}/discard/").status_code == 405
        assert as_bob.get(f"/cards/{mine.uuid}/edit/").status_code == 404

    def test_are_no_part_of_what_the_site_teaches(self, as_bob: Client, client: Client, alice: User) -> None:
        topic = make_topic()
        write(alice, OwnCard("Secret front", "B", topic=topic))
        assert Flashcard.objects.published().count() == 0
        assert "Secret" not in text(client.get(topic.get_absolute_url()))
        assert "Secret" not in text(as_bob.get(topic.get_absolute_url()))

    def test_go_with_the_account(self, as_alice: Client, alice: User) -> None:
        mine = write(alice, OwnCard("F", "B"))
        rate(as_alice, mine)
        alice.delete()
        assert not Flashcard.objects.exists()


class TestPlans:
    DAILY = {"new_per_day": 5, "reviews_per_day": 80, "desired_retention": "0.9", "interview_on": "2026-04-01"}

    def test_are_kept(self, as_alice: Client, alice: User) -> None:
        assert as_alice.post("/review/plan/", self.DAILY)["Location"] == "/review/plan/"
        plan = Plan.objects.get(user=alice)
        assert (plan.new_per_day, plan.reviews_per_day, plan.interview_on) == (5, 80, dt.date(2026, 4, 1))
        assert "Your interview is in 30 days" in text(as_alice.get("/review/plan/"))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"new_per_day": -1}, "Write a whole number from 0 to 9999."),
            ({"new_per_day": ""}, "Write a whole number from 0 to 9999."),
            ({"reviews_per_day": "many"}, "Write a whole number from 0 to 9999."),
            ({"desired_retention": "0.99999"}, "not one of the available choices"),
            ({"interview_on": "soon"}, "Write the day as 2027-01-31."),
        ],
    )
    def test_that_cannot_be_are_refused_and_shown_again(
        self, change: dict[str, Any], said: str, as_alice: Client
    ) -> None:
        response = as_alice.post("/review/plan/", self.DAILY | change)
        assert response.status_code == 400
        assert said in text(response)
        assert not Plan.objects.exists()

    def test_today_only_limits_the_review_page_today(
        self, as_alice: Client, cards: list[Flashcard], clock: Any
    ) -> None:
        as_alice.post("/review/plan/today/", {"new_today": 1, "reviews_today": ""})
        assert "1 of 1" in text(as_alice.get("/review/"))
        clock.move_to(NOON + dt.timedelta(days=1))
        assert "1 of 3" in text(as_alice.get("/review/"))

    def test_a_break_is_planned_shown_on_the_review_page_and_called_off(
        self, as_alice: Client, as_bob: Client, cards: list[Flashcard]
    ) -> None:
        as_alice.post("/review/plan/break/", {"first_day": "2026-03-02", "last_day": "2026-03-08"})
        assert "You planned a break until 8 March." in text(as_alice.get("/review/"))
        off = f"/review/plan/break/{Break.objects.get().pk}/off/"
        assert as_bob.post(off).status_code == 404
        as_alice.post(off)
        assert not Break.objects.exists()

    @pytest.mark.parametrize(
        ("address", "fields", "said"),
        [
            ("today", {"new_today": "-3"}, "Write a whole number"),
            ("break", {"first_day": "2026-03-09", "last_day": "2026-03-08"}, "ends before it begins"),
            ("break", {"first_day": "", "last_day": "x"}, "Say when the break begins."),
            ("backlog", {"days": "0"}, "Choose from 1 to 60 days."),
            ("backlog", {}, "Choose from 1 to 60 days."),
        ],
    )
    def test_bad_values_get_a_sentence_and_change_nothing(
        self, address: str, fields: dict[str, str], said: str, as_alice: Client, alice: User, clock: Any
    ) -> None:
        (only,) = make_flashcards(1)
        rate(as_alice, only, rating=4)
        clock.move_to(NOON + dt.timedelta(days=60))
        as_alice.force_login(alice)
        response = as_alice.post(f"/review/plan/{address}/", fields)
        assert response.status_code == 400
        assert said in text(response)
        assert not Break.objects.exists()

    @pytest.mark.parametrize("address", ["today/", "break/", "break/1/off/", "backlog/"])
    def test_refuse_get_and_strangers(self, address: str, as_alice: Client, client: Client) -> None:
        assert as_alice.get(f"/review/plan/{address}").status_code == 405
        assert client.post(f"/review/plan/{address}").status_code == 302
        assert client.get("/review/plan/").status_code == 302


class TestSessionsOfOnesOwn:
    def test_practice_keeps_its_beginning_and_changes_no_schedule(
        self, as_alice: Client, cards: list[Flashcard]
    ) -> None:
        page = text(as_alice.get("/review/?mode=cram&q=front"))
        assert "Your schedule stays as it is." in page
        assert 'name="since" value="2026-03-02T12:00:00Z"' in page
        data = {"rating": 3, "version": 0, "event": uuid.uuid4(), "mode": "cram", "since": "2026-03-02T12:00:00Z"}
        response = as_alice.post(f"/review/{cards[0].uuid}/rate/", data)
        assert "mode=cram" in response["Location"]
        assert "1 of 3 practised" in text(as_alice.get(response["Location"]))
        assert (Review.objects.get().kind, Card.objects.get().state) == ("practice", "new")

    def test_a_search_that_cannot_be_read_is_told_with_its_place(self, as_alice: Client) -> None:
        response = as_alice.get("/review/?q=level:expert")
        assert response.status_code == 400
        assert "takes basic, intermediate, advanced" in text(response)

    @pytest.mark.parametrize("address", ["?mode=nonsense", "?since=never&mode=cram", "?q=" + "x" * 3000])
    def test_an_address_that_means_nothing_does_no_harm(self, address: str, as_alice: Client) -> None:
        assert as_alice.get(f"/review/{address}").status_code in (200, 400)


class TestMissedPoints:
    def test_ticked_as_left_out_propose_again_with_the_reason_and_the_learner_decides(self, as_alice: Client) -> None:
        (only,) = make_flashcards(1, question=make_question("open", "gates"))
        data = {"rating": 2, "version": 0, "event": uuid.uuid4(), "missed": "additive"}
        response = as_alice.post(f"/review/{only.uuid}/rate/", data, headers=HTMX)
        assert response.status_code == 422
        page = text(response)
        assert "Proposed: Again." in page
        assert "Says that the path is additive." in page
        assert "data-answer open" in page
        assert not Review.objects.exists()
        as_alice.post(f"/review/{only.uuid}/rate/", data | {"sure": "1"})
        assert Review.objects.get().rating == 2

    def test_again_needs_no_second_word_and_made_up_points_mean_nothing(self, as_alice: Client) -> None:
        (only,) = make_flashcards(1, question=make_question("open", "gates"))
        rate(as_alice, only, rating=1, missed="additive")
        rate(as_alice, only, rating=3, missed="no-such-point", version=1)
        assert list(Review.objects.values_list("rating", flat=True)) == [1, 3]

    def test_missed_in_the_answer_to_the_question_propose_again_when_its_card_comes(
        self, as_alice: Client, alice: User
    ) -> None:
        from quizzes.models import QuizSession, SessionItem

        question = make_question("open", "gates")
        (only,) = make_flashcards(1, question=question)
        session = QuizSession.objects.create(user=alice, started_at=NOON)
        SessionItem.objects.create(
            session=session,
            position=1,
            question=question,
            question_version=1,
            answer={"text": "…"},
            ticks=["gate"],
            committed_at=NOON,
            score=0.2,
        )
        page = text(as_alice.get("/review/"))
        assert "Left out when you answered its question on 2 March:" in page
        assert "Says that the path is additive." in page
        assert "Names the forget gate" in page.split("Did you leave out")[1]
        rate(as_alice, only, rating=1)
        assert "Proposed" not in text(as_alice.get(f"/review/?card={only.uuid}"))


def test_the_help_page_names_every_field_key_and_state(as_alice: Client) -> None:
    page = text(as_alice.get("/review/help/"))
    for piece in ("topic:", "rated:", "is:leech", "stability", "<kbd>f</kbd>", "Ahead of their day"):
        assert piece in page
