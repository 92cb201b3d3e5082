"""The site without a network, in a real browser: what a device keeps, what it brings back, and what it forgets."""

import io
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Review
from tests.browser.conftest import PHONE
from tests.quizzes.factories import make_guide
from tests.quizzes.flashcards import make_flashcards

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(service_workers="allow"),
]
LINE = "[data-offline-line]"
STORED = """async (store) => new Promise((resolve) => {
  const opening = indexedDB.open("site", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""


@pytest.fixture
def cards(transactional_db: None) -> list[Flashcard]:
    make_guide()
    return make_flashcards(4)


@pytest.fixture
def carry(
    new_page: Callable[..., Page], live_server: LiveServer, cards: list[Flashcard]
) -> Iterator[Callable[..., Page]]:
    """A browser with its worker, signed in, that has taken along what it should."""
    contexts: list[BrowserContext] = []

    def make(user: User, **options: object) -> Page:
        page = new_page(**options)
        contexts.append(page.context)
        enter(page, user, live_server)
        return page

    yield make
    for context in contexts:
        context.set_offline(False)


def enter(page: Page, user: User, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + "/topics/")
    take_along(page)


def take_along(page: Page) -> None:
    wait_until(page, "navigator.serviceWorker.controller")
    page.evaluate("window.offline.ready")


def wait_until(page: Page, condition: str) -> None:
    """Playwright's own way compiles a text on the page, which the Content-Security-Policy forbids."""
    for _ in range(100):
        if page.evaluate(f"async () => Boolean({condition})"):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never became true: {condition}")


def review_offline(page: Page, live_server: LiveServer, ratings: str) -> None:
    page.context.set_offline(True)
    page.goto(live_server.url + "/review/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review, offline")
    expect(page.locator("[data-front]")).not_to_be_empty()
    for key in ratings:
        front = page.locator("[data-front]").inner_text()
        page.keyboard.press("Space")
        expect(page.locator("[data-back]")).to_be_visible()
        page.keyboard.press(key)
        expect(page.locator("[data-front]")).not_to_have_text(front)


def reconnect(page: Page) -> None:
    """From an empty page: the stand-in page would load itself anew, and race with where the test goes next."""
    page.goto("about:blank")
    page.context.set_offline(False)


def back_online(page: Page, live_server: LiveServer) -> None:
    reconnect(page)
    page.goto(live_server.url + "/topics/")
    take_along(page)
    expect(page.locator(LINE)).to_be_hidden()


def proven() -> None:
    call_command("replay", check=True, stdout=io.StringIO())


def test_ratings_wait_on_the_device_and_are_sent_once(
    carry: Callable[..., Page], alice: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    page = carry(alice)
    review_offline(page, live_server, "312")
    expect(page.locator(LINE)).to_have_text("Offline: 3 ratings wait on this device.")
    expect(page.locator("[data-front]")).to_have_text("Front 3")
    page.reload()  # the device keeps them through a restart
    expect(page.locator(LINE)).to_have_text("Offline: 3 ratings wait on this device.")
    assert not Review.objects.exists()
    back_online(page, live_server)
    rated = list(Review.objects.values_list("card__flashcard__slug", "rating"))
    assert rated == [(cards[0].slug, 3), (cards[1].slug, 1), (cards[2].slug, 2)]
    back_online(page, live_server)
    assert Review.objects.count() == 3
    assert page.evaluate(STORED, "outbox") == []
    proven()


def test_what_was_forgotten_comes_again_on_the_device(
    carry: Callable[..., Page], alice: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    page = carry(alice)
    review_offline(page, live_server, "1333")
    expect(page.locator("[data-front]")).to_have_text("Front 0")
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect(page.get_by_role("heading", level=1)).to_have_text("That is all on this device")
    back_online(page, live_server)
    assert list(Review.objects.filter(card__flashcard=cards[0]).values_list("rating", flat=True)) == [1, 3]
    proven()


def test_two_devices_lose_and_double_nothing(
    carry: Callable[..., Page], alice: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    train, desk = carry(alice), carry(alice)
    review_offline(train, live_server, "33")
    desk.goto(live_server.url + "/review/")
    desk.keyboard.press("Space")
    desk.keyboard.press("1")
    expect(desk.locator("[data-front]")).to_have_text("Front 1")
    back_online(train, live_server)
    of_both = Review.objects.standing().filter(card__flashcard=cards[0])
    assert sorted(of_both.values_list("rating", flat=True)) == [1, 3]
    assert Review.objects.standing().count() == 3
    assert Card.objects.get(flashcard=cards[1]).reps == 1
    proven()


def test_a_rating_that_does_not_get_through_is_kept_and_the_review_goes_on(
    carry: Callable[..., Page], alice: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    page = carry(alice).context.new_page()  # another page: htmx tells the console about lost connections
    page.goto(live_server.url + "/review/")
    page.keyboard.press("Space")
    page.context.set_offline(True)
    page.keyboard.press("3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review, offline")
    expect(page.locator(LINE)).to_have_text("Offline: 1 rating waits on this device.")
    expect(page.locator("[data-front]")).to_have_text("Front 1")
    back_online(page, live_server)
    assert Review.objects.get().card.flashcard == cards[0]


def test_guides_can_be_read_without_having_been_opened_before(
    carry: Callable[..., Page], alice: User, live_server: LiveServer
) -> None:
    page = carry(alice)
    page.context.set_offline(True)
    page.goto(live_server.url + "/guides/reading-rnns/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading with recurrence")
    assert page.evaluate("getComputedStyle(document.querySelector('.site-header')).display") == "flex"
    page.goto(live_server.url + "/labs/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.get_by_role("link", name="Reading with recurrence").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading with recurrence")


def test_a_network_that_flickers_takes_no_page_away_and_one_that_holds_brings_it_back(
    carry: Callable[..., Page], alice: User, live_server: LiveServer
) -> None:
    page = carry(alice)
    page.context.set_offline(True)
    page.clock.install()
    page.goto(live_server.url + "/labs/")
    expect(page.get_by_role("link", name="Reading with recurrence")).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now()") + 100)
    page.evaluate("window.mark = 'the same page'")
    for event in ("online", "offline"):
        page.evaluate("(event) => { dispatchEvent(new Event(event)); }", event)
    page.clock.run_for(10_000)
    assert page.evaluate("window.mark") == "the same page"
    page.evaluate("() => { dispatchEvent(new Event('online')); }")
    with page.expect_navigation():
        page.clock.run_for(2_000)
    assert page.evaluate("window.mark") is None


def test_a_device_that_was_signed_out_shows_nothing_private(
    carry: Callable[..., Page], alice: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    page = carry(alice)
    review_offline(page, live_server, "3")
    reconnect(page)
    page.goto(live_server.url + "/account/")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    take_along(page)
    assert page.evaluate(STORED, "cards") == []
    assert page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('private-'))") == []
    page.context.set_offline(True)
    page.goto(live_server.url + "/review/")
    expect(page.locator("[data-lead]")).to_have_text("No cards wait on this device.")
    expect(page.get_by_role("heading", name="Guides on this device")).to_be_hidden()
    assert "Front 1" not in page.content()


def test_another_learner_on_the_device_neither_sees_nor_sends_what_is_not_theirs(
    carry: Callable[..., Page], alice: User, bob: User, cards: list[Flashcard], live_server: LiveServer
) -> None:
    page = carry(alice)
    review_offline(page, live_server, "33")
    reconnect(page)
    page.context.clear_cookies()
    enter(page, bob, live_server)
    expect(page.locator(LINE)).to_be_hidden()
    assert not Review.objects.exists()
    enter(page, alice, live_server)
    expect(page.locator(LINE)).to_be_hidden()
    assert set(Review.objects.values_list("user", flat=True)) == {alice.pk}
    assert Review.objects.count() == 2


def test_a_new_deployment_replaces_what_an_old_one_left(
    carry: Callable[..., Page], alice: User, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = carry(alice)
    old = page.evaluate("caches.keys()")
    assert {name.partition("-")[0] for name in old} == {"public", "private"}
    for place in ("prepsite.offline.views.release", "prepsite.offline.release.release"):
        monkeypatch.setattr(place, lambda: "0123456789")
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    wait_until(page, "(await caches.keys()).join() === 'public-0123456789'")
    page.goto(live_server.url + "/topics/")
    take_along(page)
    page.context.set_offline(True)
    page.goto(live_server.url + "/guides/reading-rnns/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading with recurrence")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stand_in_page_is_accessible_and_fits_a_phone(
    carry: Callable[..., Page], alice: User, live_server: LiveServer, scheme: str
) -> None:
    page = carry(alice, viewport=PHONE, color_scheme=scheme)
    review_offline(page, live_server, "3")
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    serious = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == []
