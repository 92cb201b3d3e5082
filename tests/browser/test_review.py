"""Reviewing in a browser: by keyboard, by thumb, without scripts, and when things go wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.models import Card, ErrorReport, Flashcard, Review
from tests.browser.conftest import PHONE
from tests.quizzes.flashcards import make_flashcards

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cards(transactional_db: None) -> list[Flashcard]:
    return make_flashcards(4)


@pytest.fixture
def enter(live_server: LiveServer, alice: User) -> Callable[[Page], Page]:
    """Sign Alice in and open the review page."""

    client = Client()
    client.force_login(alice)

    def open_page(page: Page) -> Page:
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page.goto(live_server.url + "/review/")
        return page

    return open_page


def test_three_cards_by_keyboard_with_one_undo_and_no_page_load(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.evaluate("window.sameDocument = true")
    ratings = page.get_by_role("group", name="How well did you remember it?")
    expect(ratings).to_be_hidden()
    for number, key in enumerate("341"):
        expect(page.locator("[data-front]")).to_have_text(f"Front {number}")
        page.keyboard.press("Space")
        expect(page.locator("[data-back]")).to_have_text(f"Back {number}")
        expect(page.locator("[data-back]")).to_be_focused()
        expect(ratings).to_be_visible()
        page.keyboard.press(key)
    expect(page.locator("[data-front]")).to_have_text("Front 3")
    expect(page.locator("[data-front]")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Again, back in 1 min.")
    page.keyboard.press("u")
    expect(page.locator("[data-front]")).to_have_text("Front 2")
    expect(page.get_by_role("status")).to_have_text("Taken back: Again. Rate this card again.")
    assert page.evaluate("window.sameDocument")
    assert list(Review.objects.values_list("kind", "rating")) == [
        ("rating", 3),
        ("rating", 4),
        ("rating", 1),
        ("undo", None),
    ]
    assert all(review.duration_ms for review in Review.objects.ratings())


def test_the_interval_on_the_button_is_the_one_that_is_given(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")
    promised = page.locator(".review__rate--easy .review__interval").inner_text()
    page.keyboard.press("4")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0)
    assert promised == f"{Card.objects.get().memory.interval_days} days"


def test_a_key_before_the_answer_is_shown_rates_nothing(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("3")
    expect(page.get_by_role("status")).to_have_text("Show the answer first: press Space.")
    assert not Review.objects.exists()
    page.keyboard.press("Space")
    expect(page.locator("[data-back]")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")


def test_keys_pressed_before_the_server_has_answered_are_kept_and_load_no_page(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.evaluate("window.sameDocument = true")
    page.evaluate(
        """() => {
            const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            for (const key of [" ", "4", " ", "4", " "]) press(key);
        }"""
    )
    expect(page.locator("[data-front]")).to_have_text("Front 2")
    assert page.evaluate("window.sameDocument"), "a key press loaded the whole page"
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0)
    assert Review.objects.count() == 2


def test_the_next_card_is_on_the_page_before_the_server_has_answered(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    held: list[Any] = []
    page.route("**/rate/", lambda route: held.append(route))
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    assert not Review.objects.exists()
    page.keyboard.press("Space")
    expect(page.locator("[data-back]")).to_have_text("Back 1")
    page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.get_by_role("status")).to_have_text("Good, back in 10 min.")
    expect(page.locator("[data-back]")).to_be_visible()
    page.unroute("**/rate/")
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 2")
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0)
    assert [review.rating for review in Review.objects.all()] == [3, 3]


def test_the_keys_are_listed_and_rate_nothing_while_the_list_is_open(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    enter(page)
    page.keyboard.press("Space")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading")).to_be_in_viewport()  # a list longer than the screen begins at its top
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert not Review.objects.exists()


def test_a_double_click_counts_once_and_leaves_the_next_card_unrated(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Good").dblclick()
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    expect(page.get_by_role("group", name="How well did you remember it?")).to_be_hidden()
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0)
    assert Review.objects.count() == 1


def test_a_second_tab_is_refused_with_a_sentence_and_the_card_that_waits(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    other = page.context.new_page()
    other.goto(page.url)
    for tab, rating in ((page, "4"), (other, "1")):
        tab.keyboard.press("Space")
        tab.keyboard.press(rating)
        expect(tab.locator("[data-front]")).to_have_text("Front 1")
    expect(other.get_by_role("alert").filter(has_text="your rating was not counted")).to_be_visible()
    assert Review.objects.count() == 1


def test_a_lost_connection_loses_nothing_and_each_rating_counts_once(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")
    page.context.set_offline(True)
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    expect(page.get_by_role("alert").filter(has_text="One thing you did has not reached the server")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect(page.get_by_role("alert").filter(has_text="2 things you did have not reached the server")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 2")
    expect(page.locator("[data-review-trouble]")).to_be_hidden()
    assert [(review.rating, review.card.flashcard) for review in Review.objects.all()] == [(3, cards[0]), (4, cards[1])]


def test_an_answer_that_got_lost_on_its_way_back_is_not_counted_twice(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")

    def deliver_and_drop(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/rate/", deliver_and_drop, times=1)
    page.keyboard.press("3")
    expect(page.get_by_role("alert").filter(has_text="did not get through")).to_be_visible()
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("[data-review-trouble]")).to_be_hidden()
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    assert Review.objects.count() == 1


def test_a_rating_on_its_way_arrives_although_the_page_is_left(
    page: Page, live_server: LiveServer, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))
    page.keyboard.press("Space")
    page.keyboard.press("3")
    page.goto(live_server.url + "/topics/")
    for _ in range(100):
        if Review.objects.exists():
            break
        page.wait_for_timeout(50)
    assert Review.objects.get().rating == 3


def test_what_could_not_be_sent_any_more_is_asked_about(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    """Two ratings while the first is still on its way: the second one would be lost."""
    enter(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    held: list[Any] = []
    page.route("**/rate/", lambda route: held.append(route))
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("3")
    page.get_by_role("link", name="Topics", exact=True).click(no_wait_after=True)
    for _ in range(100):
        if asked:
            break
        page.wait_for_timeout(50)
    assert asked == ["beforeunload"]
    for route in held:
        route.continue_()
    page.unroute("**/rate/")
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0)
    assert Review.objects.count() == 2


def test_everything_can_be_done_by_key(page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]) -> None:
    enter(page)
    front, said = page.locator("[data-front]"), page.get_by_role("status").first
    page.keyboard.press("Space")
    page.keyboard.press("f")
    expect(page.locator(".eyebrow .flag")).to_have_text("red flag")
    expect(page.locator("[data-back]")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("Mine: $x$, and 3 u")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("note", name="Your note")).to_contain_text("Mine")
    page.keyboard.press("e")
    page.keyboard.type("The sign is wrong.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".review__said")).to_contain_text("Reported. Thank you")
    page.keyboard.press("b")
    expect(front).to_have_text("Front 1")
    page.keyboard.press("s")
    expect(front).to_have_text("Front 2")
    page.keyboard.press("u")
    expect(front).to_have_text("Front 1")
    page.keyboard.press("u")
    expect(front).to_have_text("Front 0")
    page.keyboard.press("r")
    expect(front).to_have_text("Front 1")
    expect(said).to_contain_text("Done again: Buried until")
    page.keyboard.press("i")
    page.wait_for_url("**/cards/*/")
    page.go_back()
    page.keyboard.press("/")
    page.wait_for_url("**/cards/#q")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert [report.text for report in ErrorReport.objects.all()] == ["The sign is wrong."]
    first = Card.objects.get(flashcard=cards[0])
    assert (first.flag, first.note, first.held_for) == (1, "Mine: $x$, and 3 u", "buried")


def test_works_without_scripts(
    new_page: Callable[..., Page], cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    page = enter(new_page(java_script_enabled=False))
    page.locator("[data-answer] > summary").click()
    expect(page.get_by_text("Back 0")).to_be_visible()
    page.get_by_role("button", name="Good").click()
    expect(page.get_by_text("Front 1")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Front 0")).to_be_visible()
    assert Review.objects.count() == 2


def test_on_a_phone_everything_is_under_the_thumb_and_nothing_scrolls_sideways(
    new_page: Callable[..., Page], cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    Flashcard.objects.filter(pk=cards[0].pk).update(
        back_html="<p>Long. </p>" * 60 + "<pre><code>" + "wide " * 80 + "</code></pre>"
    )
    page = enter(new_page(viewport=PHONE, has_touch=True, is_mobile=True))
    page.locator("[data-answer] > summary").tap()
    for button in page.locator(".review__rate").all():
        box = button.bounding_box()
        assert box
        assert box["y"] > PHONE["height"] / 2
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".review__rate--good").tap()
    expect(page.locator("[data-front]")).to_have_text("Front 1")


@pytest.mark.parametrize("width", [390, 320])
def test_undo_and_redo_push_no_rating_off_a_phone(
    width: int, page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    enter(page)
    for _ in range(2):
        page.locator("[data-answer] > summary").click()
        with page.expect_response("**/rate/"):
            page.get_by_role("button", name="Again").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for name in ("Undo", "Redo"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(
    scheme: str,
    new_page: Callable[..., Page],
    cards: list[Flashcard],
    enter: Callable[[Page], Page],
) -> None:
    page = enter(new_page(color_scheme=scheme, bypass_csp=True))
    for look in ("front", "answer", "next"):
        if look == "answer":
            page.keyboard.press("Space")
            page.get_by_text("Why now?").click()
        elif look == "next":
            page.keyboard.press("4")
            expect(page.locator("[data-front]")).to_have_text("Front 1")
        found = Axe().run(page).response["violations"]
        assert not [v for v in found if v["impact"] in ("serious", "critical")], (look, found)


def test_signed_out_in_the_meantime_the_next_press_leads_to_the_sign_in(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("3")
    page.wait_for_url("**/login/?next=/review/")
    assert not Review.objects.exists()
