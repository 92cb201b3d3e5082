"""A mock interview as it is taken: typed by keyboard, aloud on a phone, and without scripts."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.drawn import as_drawn
from quizzes.mocks import conducting, report
from quizzes.mocks.script import StageKind
from quizzes.models import QuizSession
from tests.browser.conftest import PHONE
from tests.browser.test_quiz import sign_in
from tests.quizzes.factories import make_flashcard
from tests.quizzes.test_mocks import begin as begin_mock
from tests.quizzes.test_mocks import begin_with_lab, item_of, stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], page.url


def begin(page: Page, live_server: LiveServer, how: str) -> None:
    page.goto(live_server.url + "/mocks/")
    accessible(page)
    page.get_by_label("How you answer").select_option(how)
    page.get_by_label("How long").select_option("45")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/mocks/[0-9a-f-]+/1/$"))


def take(page: Page, how: Callable[[Page], None]) -> None:
    """Every stage to its end; each kind of page is looked at by axe once."""
    seen = set()
    for _ in range(60):
        names = tuple(page.locator("main button, main a.button").all_text_contents())
        if names not in seen:
            accessible(page)
            seen.add(names)
        with page.expect_navigation():
            step(page, how)
        if page.url.endswith("/report/"):
            return
    pytest.fail("The interview never ended.")


def step(page: Page, how: Callable[[Page], None]) -> None:
    """Press what leads on."""
    if page.locator("form[data-answer]").count():
        how(page)
    elif page.locator("form[data-rubric]").count():
        page.get_by_label("Names the forget gate").check()
        page.get_by_role("button", name="Save the points and go on").click()
    elif page.locator("#follow-up-text").count():
        page.locator("#follow-up-text").fill("It fades, only more slowly.")
        page.locator("#next .button--primary").click()
    elif page.get_by_role("button", name="Go on without it").count():
        page.get_by_role("button", name="Go on without it").click()
    elif page.get_by_role("button", name="I am done, go on").count():
        page.get_by_role("button", name="I am done, go on").click()
    elif page.get_by_role("button", name="Partly").count():
        page.get_by_role("button", name="Partly").click()
    else:  # begin a stage, go on to the next, read the report
        page.keyboard.press("Enter")


def typed(page: Page) -> None:
    if page.locator("input[name=lines]").count():
        page.locator("input[name=lines]").nth(2).check()
    page.locator("textarea").first.fill("The path is additive.")
    page.keyboard.press("Control+Enter")


def aloud(page: Page) -> None:
    if page.locator("[data-speak-start]").count():
        page.locator("[data-speak-start]").click()
        expect(page.locator("[data-speak-left]")).to_have_text(re.compile(r"\d:\d\d"))
        page.get_by_role("button", name="I have said it").click()
    else:
        typed(page)


def test_a_whole_interview_typed(page: Page, live_server: LiveServer, alice: User) -> None:
    stock()
    sign_in(page, live_server, alice)
    begin(page, live_server, "typed")
    take(page, typed)
    accessible(page)
    expect(page.get_by_role("heading", name="By dimension")).to_be_visible()
    session = QuizSession.objects.mocks().get()
    assert session.report["code"] == [10.0, 10]
    expect(page.get_by_role("row", name="Code")).to_contain_text("100 %, outstanding")


def test_on_paper_a_report_has_the_questions_and_one_model_answer_each(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    stock()
    session = begin_mock(alice, at=timezone.now())
    report.finish(session, timezone.now())
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/report/")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    depth = page.get_by_role("region", name=re.compile("^In depth"))
    expect(depth.get_by_text("depth", exact=True)).to_be_visible()
    expect(depth.get_by_text("long", exact=True)).to_be_visible()
    expect(depth.get_by_text("short", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_what_was_counted_is_said_where_one_is(page: Page, live_server: LiveServer, alice: User) -> None:
    stock()
    session = answered_in_depth(alice)
    item = item_of(session, StageKind.DEPTH)
    for number in range(2):
        make_flashcard(f"card-{number}", question=item.question)
    conducting.score(item, as_drawn(item), conducting.script_of(session).stages[1], 2, ["gate"], [], timezone.now())
    report.finish(session, timezone.now())
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/report/")
    page.get_by_label("Rating of this card").first.select_option("leave it")
    page.get_by_role("button", name="Count them").click()
    expect(page.get_by_role("status").get_by_text("Counted for 1 card.")).to_be_in_viewport()
    expect(page.get_by_role("region", name=re.compile("^In depth"))).to_be_in_viewport()
    page.get_by_role("button", name="Count it as chosen").click()
    expect(page.get_by_role("status").get_by_text("Counted for 1 card.")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="What to study")).to_be_in_viewport()


def test_a_whole_interview_aloud_on_a_phone(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User
) -> None:
    stock()
    page = new_page(viewport=PHONE, color_scheme="dark")
    sign_in(page, live_server, alice)
    begin(page, live_server, "spoken")
    take(page, aloud)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert QuizSession.objects.mocks().get().items.filter(answer__spoken=True).count() == 4


def test_the_cursor_is_where_a_follow_up_is_answered(page: Page, live_server: LiveServer, alice: User) -> None:
    """Its two minutes have begun when it is seen, so that nobody should have to look for the field first."""
    stock()
    session = answered_in_depth(alice)
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/2/")
    page.get_by_role("button", name="Save the points and go on").click()
    page.wait_for_url(re.compile(r"#next$"), wait_until="load")
    expect(page.get_by_text("Follow-up 1 of 2")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("It fades, only more slowly.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Follow-up 2 of 2")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_be_focused()


def test_by_keyboard_the_points_come_right_after_the_answer(page: Page, live_server: LiveServer, alice: User) -> None:
    stock()
    session = answered_in_depth(alice)
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/2/")
    expect(page.get_by_role("heading", name="What did your answer say?")).to_be_focused()
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Says that the path is additive")).to_be_checked()


def test_the_field_that_has_the_cursor_says_what_is_asked(page: Page, live_server: LiveServer, alice: User) -> None:
    """Whoever hears the page would be in the field before a word of the question."""
    stock()
    session = answered_in_depth(alice)
    conducting.open_stage(session, item_of(session, StageKind.WARM_UP), 1, timezone.now())
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/1/")
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.get_by_label("Your answer")).to_have_accessible_description(re.compile("^A question of the type open"))
    page.goto(f"{live_server.url}/mocks/{session.uuid}/2/")
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_label("Your answer")).to_have_accessible_description(re.compile("What do you answer"))


def test_points_wait_for_the_network(page: Page, live_server: LiveServer, alice: User) -> None:
    stock()
    session = answered_in_depth(alice)
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/2/")
    page.get_by_label("Says that the path is additive").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was sent")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_text("Follow-up 1 of 2")).to_be_visible()
    assert item_of(session, StageKind.DEPTH).ticks == ["additive"]


def test_an_answer_stays_on_the_page_of_somebody_who_was_signed_out(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    stock()
    session = begin_mock(alice, at=timezone.now())
    conducting.open_stage(session, item_of(session, StageKind.WARM_UP), 1, timezone.now())
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/1/")
    page.context.clear_cookies()
    page.locator("#answer-text").fill("The path is additive.")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: you are signed out")
    page.get_by_role("button", name="That is my answer").click()
    expect(page.locator("[data-saved]")).to_contain_text("Not sent: you are signed out")
    expect(page.locator("#answer-text")).to_have_value("The path is additive.")


def test_the_clock_stays_in_sight_of_who_writes_on_a_phone(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User
) -> None:
    stock()
    page = new_page(viewport=PHONE | {"height": 420})
    session = answered_in_depth(alice)
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/2/")
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_label("Your answer")).to_be_focused()
    assert page.evaluate("scrollY") > 0
    expect(page.locator("[data-timer-text]")).to_have_text(re.compile(r"\d:\d\d left"))
    expect(page.locator("[data-timer-text]")).to_be_in_viewport()


def test_the_tab_of_a_lab_stage_has_the_clock_in_its_name(page: Page, live_server: LiveServer, alice: User) -> None:
    """The lab is in another tab, where one would have to look for the time."""
    stock()
    session = begin_with_lab(alice)
    conducting.open_stage(session, None, 4, timezone.now())
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/mocks/{session.uuid}/4/")
    expect(page).to_have_title(re.compile(r"^1[45]:\d\d left · Code"))


def answered_in_depth(user: User) -> QuizSession:
    """An interview whose question in depth has an answer and no points yet."""
    session = begin_mock(user, at=timezone.now())
    item = item_of(session, StageKind.DEPTH)
    conducting.open_stage(session, item, 2, timezone.now())
    conducting.answer(item, as_drawn(item), 7, {"text": "The path is additive."}, timezone.now())
    return session


def test_an_interview_needs_no_script(new_page: Callable[..., Page], live_server: LiveServer, alice: User) -> None:
    stock()
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/mocks/")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin this stage").click()
    page.locator("textarea").fill("The path is additive.")
    page.get_by_role("button", name="That is my answer").click()
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In depth")
