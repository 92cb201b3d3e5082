"""The whole story in one browser, on the real content and the real sandbox.

Sign up, Today, a quiz of five, three reviews by keyboard with one undo, the LSTM lab refused with its mistake named and
then passed, and Today shows it all.
"""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from codelabs.models import Submission
from prepsite.accounts.models import User
from quizzes.models import Card, Review, SessionItem

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

LAB = settings.CONTENT_DIR / "labs" / "lstm-step"


@pytest.fixture
def content(transactional_db: None) -> None:
    call_command("loadcontent", verbosity=0)


def test_from_signing_up_to_a_passed_lab(page: Page, live_server: LiveServer, content: None) -> None:
    sign_up(page, live_server.url)
    take_a_quiz_of_five(page)
    review_three_cards_with_one_undo(page)
    write_the_lstm_step(page)
    find_it_all_on_today(page)


def sign_up(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill("dora@example.org")
    page.get_by_label("Password", exact=True).fill("a long and winding phrase")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("minutes today")
    assert User.objects.get().email == "dora@example.org"


def take_a_quiz_of_five(page: Page) -> None:
    page.get_by_role("link", name="A quiz of five").click()
    page.get_by_label("Questions", exact=True).fill("5")
    page.get_by_role("button", name="Start the quiz").click()
    for number in range(1, 6):
        expect(page.get_by_text(f"Question {number} of 5")).to_be_visible()
        answer_something(page)
        page.get_by_role("button", name="Commit the answer").click()
        expect(page.locator("#model-answer")).to_be_visible()
        save_points = page.get_by_role("button", name="Save the points and go on")
        if save_points.count():
            page.locator("[data-rubric] input[type=checkbox]").first.check()
            save_points.click()
        else:
            page.locator("[data-next-step]").click()
    finish = page.get_by_role("button", name="Finish and see the result")
    if finish.count():
        finish.click()
    expect(page).to_have_url(re.compile(r"/quiz/[\w-]+/result/$"))
    assert SessionItem.objects.filter(committed_at__isnull=False).count() == 5
    assert not SessionItem.objects.filter(score=None).exists()


def answer_something(page: Page) -> None:
    """Whatever the kind of question, an honest attempt: the first option, line or gap, or a few words."""
    form = page.locator("#answer")
    ticks = form.locator("input[type=radio], input[type=checkbox]")
    if ticks.count():
        ticks.first.check()
    for field in form.locator("input[type=text]").all():
        field.fill("1")
    for field in form.locator("textarea").all():
        field.fill("The same weights are used at every step.")


def review_three_cards_with_one_undo(page: Page) -> None:
    page.get_by_role("link", name="Review", exact=True).click()
    page.wait_for_url("**/review/")
    page.evaluate("window.sameDocument = true")
    for key in "334":
        page.keyboard.press("Space")
        expect(page.get_by_role("group", name="How well did you remember it?")).to_be_visible()
        before = Review.objects.count()
        with page.expect_response("**/rate/"):
            page.keyboard.press(key)
        expect(page.locator("[data-back]")).to_be_hidden()
        expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)
        assert Review.objects.count() == before + 1
    page.keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text="Taken back")).to_be_visible()
    assert page.evaluate("window.sameDocument"), "the next card came with a full page load"
    assert list(Review.objects.values_list("kind", flat=True)) == ["rating", "rating", "rating", "undo"]
    assert Card.objects.filter(reps__gt=0).count() == 2


def write_the_lstm_step(page: Page) -> None:
    page.get_by_role("link", name="Labs", exact=True).click()
    page.get_by_role("link", name="LSTM step with composite gates").first.click()
    submit(page, (LAB / "wrong" / "gates_swapped.py").read_text())
    expect(page.get_by_role("heading", name="swapping the input and forget gates")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("now at the front of your queue")).to_be_visible()
    submit(page, (LAB / "solution.py").read_text())
    expect(
        page.locator("#result strong, main strong").filter(has_text=re.compile(r"Passed: all \d+ cases"))
    ).to_be_visible(timeout=60_000)
    verdicts = Submission.objects.order_by("pk").values_list("verdict", "misconception")
    assert list(verdicts) == [("failed", "lstm-input-forget-swapped"), ("passed", "")]


def submit(page: Page, source: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Shift+Enter")


def find_it_all_on_today(page: Page) -> None:
    page.get_by_role("link", name="Today", exact=True).click()
    plan = page.get_by_role("region", name="Today’s plan")
    # Three cards: two reviewed, and the one of the lab, which passing it has rated.
    for line in ("Reviewed 3 cards", "Finished 1 quiz", "Passed the lab “LSTM step with composite gates”"):
        expect(plan.get_by_text(line)).to_be_visible()
    expect(plan.get_by_text("from a mistake")).to_be_visible()
