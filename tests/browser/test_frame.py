"""The frame around every page."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from quizzes.models import Concept
from tests.browser.conftest import PHONE
from tests.quizzes.factories import make_question, make_topic
from tests.quizzes.flashcards import make_flashcards

pytestmark = pytest.mark.browser


def test_the_first_tab_reaches_a_link_that_skips_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_chosen_theme_stays_on_the_next_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_role("button", name="Dark theme").click()
    page.goto(live_server.url + "/topics/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_section_one_is_in_stands_in_sight(
    new_page: Callable[..., Page], live_server: LiveServer, as_alice: Client
) -> None:
    page = new_page(viewport=PHONE)
    cookie = as_alice.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for path, name in (("/topics/", "Topics"), ("/progress/", "Progress")):
        page.goto(live_server.url + path)
        box = page.get_by_role("navigation", name="Main").get_by_role("link", name=name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_buttons_for_many_cards_come_when_one_is_ticked(
    new_page: Callable[..., Page], live_server: LiveServer, as_alice: Client
) -> None:
    make_flashcards(2)
    page = new_page(viewport=PHONE)
    cookie = as_alice.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + "/cards/")
    suspend = page.get_by_role("button", name="Suspend")
    expect(page.get_by_text("All on this page")).to_be_visible()
    expect(suspend).to_be_hidden()
    page.locator("input[name=card]").first.check()
    expect(suspend).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_today_is_short_on_a_phone_and_whole_elsewhere(
    new_page: Callable[..., Page], live_server: LiveServer, as_alice: Client
) -> None:
    for number in range(12):
        topic = make_topic(f"topic-{number}", order=number)
        concept = Concept.objects.create(
            slug=f"concept-{number}", topic=make_topic("topic-0"), title=f"Concept {number}"
        )
        make_question(slug=f"question-{number}", topic=topic)
        make_question(slug=f"asked-{number}", topic=make_topic("topic-0")).concepts.add(concept)
    cookie = {"name": "sessionid", "value": as_alice.cookies["sessionid"].value, "url": live_server.url}
    phone, desk = new_page(viewport=PHONE), new_page()
    for page in (phone, desk):
        page.context.add_cookies([cookie])
        page.goto(live_server.url)
    for what in ("Topic 7", "Concept 7"):
        expect(desk.get_by_text(what, exact=True)).to_be_visible()
        expect(phone.get_by_text(what, exact=True)).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollHeight") < 2 * PHONE["height"]
    expect(phone.get_by_text("12 ways in 12 concepts: 12 new")).to_be_visible()
    phone.get_by_text("12 topics").click()
    expect(phone.get_by_text("Topic 7", exact=True)).to_be_visible()
    phone.get_by_role("heading", name="One concept, four ways to be asked").click()
    expect(phone.get_by_text("Concept 7", exact=True)).to_be_visible()
