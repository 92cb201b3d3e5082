"""Carol writes in the admin and sees, beside what she types, what readers will see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes import loading
from quizzes.models import Question
from tests.browser.conftest import PHONE
from tests.quizzes import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def question(tmp_path: Path) -> Question:
    loading.store(loading.read(samples.write(tmp_path / "fixtures"))[0])
    return Question.objects.get(slug="fill-in")


def sign_in(page: Page, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("carol@example.org", "a long pass phrase"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def test_carol_sees_what_readers_will_see_as_she_types(
    question: Question, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/quizzes/question/{question.pk}/change/")
    prompt = page.locator(".field-prompt")
    expect(prompt.locator(".preview mark.gap").first).to_contain_text("tanh")
    answer = page.locator(".field-answer_short")
    answer.locator("textarea").fill("The *state* $\\vec{h}_t$")
    expect(answer.locator(".preview em")).to_have_text("state")
    expect(answer.locator(".preview math")).to_be_visible()
    answer.locator("textarea").fill("One\n\n$\\frac{1$")
    expect(answer.locator(".preview-problems li")).to_contain_text("Line 3: formula")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".field-answer_short .errorlist")).to_contain_text("Line 3: Formula")
    page.locator(".field-answer_short textarea").fill("Because of the *state*.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert "<em>state</em>" in Question.objects.get(pk=question.pk).html["answer_short"]


def test_the_parts_that_are_added_on_the_page_have_their_preview_too(
    question: Question, live_server: LiveServer, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/quizzes/question/add/")
    page.get_by_text("Add another Choice").click()
    page.locator("#id_choices-0-text").fill("Its *weights*")
    expect(page.locator("#choices-0 .preview em")).to_have_text("weights")


@pytest.mark.parametrize("model", ["question", "topic", "concept", "misconception", "guide", "deck", "flashcard"])
def test_no_page_of_the_admin_breaks_the_content_security_policy_or_scrolls_sideways_on_a_phone(
    question: Question, live_server: LiveServer, new_page: Callable[..., Page], model: str
) -> None:
    page = new_page(viewport=PHONE)
    sign_in(page, live_server)
    for address in (f"{model}/", f"{model}/add/"):
        page.goto(f"{live_server.url}/admin/quizzes/{address}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + 1, address
