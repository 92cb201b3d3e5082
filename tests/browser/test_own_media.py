"""Pictures and sounds of a learner's own cards in a browser: seen, heard, and there without a network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.models import Flashcard
from tests.browser.conftest import PHONE
from tests.browser.test_offline import take_along, wait_until
from tests.quizzes.anki_packages import png, taken, wav, with_media

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURE = "document.querySelector('[data-front] img, .prose img').naturalWidth"


@pytest.fixture
def card(transactional_db: None, alice: User, tmp_path: Path) -> Flashcard:
    files = {"cell.png": png(20, 240), "gate.wav": wav(2000)}
    field = 'Which cell is this?<br><img src="cell.png" alt="A cell with three gates">[sound:gate.wav]'
    taken(alice, with_media(tmp_path / "a.apkg", field + '<img src="gone.png">', files))
    return Flashcard.objects.get(owner=alice)


def enter(page: Page, user: User, live_server: LiveServer, url: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(live_server.url + url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["review", "card"])
def test_a_card_shows_its_picture_and_plays_its_sound_on_a_phone(
    new_page: Callable[..., Page], alice: User, card: Flashcard, live_server: LiveServer, scheme: str, place: str
) -> None:
    page = new_page(viewport=PHONE, color_scheme=scheme)
    enter(page, alice, live_server, "/review/" if place == "review" else f"/cards/{card.uuid}/")
    expect(page.get_by_role("img", name="A cell with three gates")).to_be_visible()
    wait_until(page, f"{PICTURE} === 240")
    sound = page.locator("audio[aria-label='gate.wav']").first
    wait_until(page, "Math.round(document.querySelector('audio').duration) === 2")
    expect(sound).to_be_visible()
    expect(page.get_by_text("(picture missing: gone.png)").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    serious = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == []


def test_space_on_a_player_plays_and_does_not_turn_the_card(
    page: Page, alice: User, card: Flashcard, live_server: LiveServer
) -> None:
    enter(page, alice, live_server, "/review/")
    wait_until(page, "document.querySelector('audio').readyState > 0")
    page.locator("audio").first.focus()
    page.keyboard.press("Space")
    wait_until(page, "!document.querySelector('audio').paused")
    expect(page.locator("[data-back]")).to_be_hidden()


@pytest.fixture
def traveller(new_page: Callable[..., Page]) -> Iterator[Page]:
    page = new_page(viewport=PHONE)
    yield page
    page.context.set_offline(False)


@pytest.mark.browser_context_args(service_workers="allow")
def test_picture_and_sound_of_a_due_card_are_there_without_a_network(
    traveller: Page, alice: User, card: Flashcard, live_server: LiveServer
) -> None:
    enter(traveller, alice, live_server, "/topics/")
    take_along(traveller)
    traveller.context.set_offline(True)
    traveller.goto(live_server.url + "/review/")
    expect(traveller.get_by_role("heading", level=1)).to_have_text("Review, offline")
    expect(traveller.get_by_role("img", name="A cell with three gates")).to_be_visible()
    wait_until(traveller, f"{PICTURE} === 240")
    wait_until(traveller, "Math.round(document.querySelector('audio').duration) === 2")
    # Signing out takes them off the traveller with everything else that is private.
    traveller.goto("about:blank")
    traveller.context.set_offline(False)
    traveller.goto(live_server.url + "/topics/")
    urls = "map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url))"
    names = f"(await Promise.all((await caches.keys()).{urls})).flat()"
    assert traveller.evaluate(f"async () => {names}.filter((url) => url.includes('/media/')).length") == 2
    traveller.goto(live_server.url + "/account/")
    traveller.get_by_role("button", name="Sign out").first.click()
    expect(traveller.get_by_role("link", name="Sign in").first).to_be_visible()
    wait_until(traveller, f"!{names}.some((url) => url.includes('/media/'))")
