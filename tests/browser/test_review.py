"""Reviewing in a browser: by keyboard, by thumb, without scripts, and when things go wrong."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Review
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


def test_keys_pressed_before_the_next_card_has_settled_are_kept_and_load_no_page(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.evaluate(
        """() => {
            window.sameDocument = true;
            const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const swapped = () => { press(" "); press("4"); };
            document.addEventListener("htmx:afterSwap", swapped, { once: true });
            press(" ");
            press("4");
        }"""
    )
    expect(page.locator("[data-front]")).to_have_text("Front 2")
    assert page.evaluate("window.sameDocument"), "a key press loaded the whole page"
    assert Review.objects.count() == 2


def test_the_keys_are_listed_and_rate_nothing_while_the_list_is_open(
    page: Page, cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    enter(page)
    page.keyboard.press("Space")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
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


def test_a_lost_connection_loses_nothing_and_the_second_press_counts_once(
    new_context: Callable[..., BrowserContext], cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    page = enter(new_context().new_page())  # htmx tells the console about lost connections, and here that is the story
    page.keyboard.press("Space")
    page.context.set_offline(True)
    page.keyboard.press("3")
    expect(page.get_by_role("alert").filter(has_text="did not get through")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert Review.objects.count() == 1


def test_an_answer_that_got_lost_on_its_way_back_is_not_counted_twice(
    new_context: Callable[..., BrowserContext], cards: list[Flashcard], enter: Callable[[Page], Page]
) -> None:
    page = enter(new_context().new_page())  # htmx tells the console about lost connections, and here that is the story
    page.keyboard.press("Space")

    def deliver_and_drop(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/rate/", deliver_and_drop, times=1)
    page.keyboard.press("3")
    expect(page.get_by_role("alert").filter(has_text="did not get through")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    assert Review.objects.count() == 1


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(
    scheme: str,
    new_context: Callable[..., BrowserContext],
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
