"""A quiz as learners meet it: by keyboard, on a phone, on two devices, and without scripts."""

import datetime as dt
import random
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes import beginning
from quizzes.beginning import Filters
from quizzes.models import QuizSession, SessionItem
from tests.browser.conftest import PHONE
from tests.quizzes.factories import KINDS, make_guide, make_question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    """Give the browser the cookie that signing in would give it."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def begin(user: User, *kinds: str, minutes: int | None = None, ago: int = 0) -> QuizSession:
    for kind in kinds:
        make_question(kind)
    started = timezone.now() - dt.timedelta(seconds=ago)
    return beginning.start(user, Filters(number=len(kinds), minutes=minutes), started, random.Random(1))


def open_item(page: Page, live_server: LiveServer, session: QuizSession, position: int = 1) -> None:
    page.goto(f"{live_server.url}/quiz/{session.uuid}/{position}/")


def test_a_quiz_from_choice_to_result_by_keyboard(page: Page, live_server: LiveServer, alice: User) -> None:
    make_question("single")
    make_question("open")
    make_guide()
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/quiz/")
    page.get_by_label("Questions", exact=True).fill("2")
    page.get_by_label("Questions", exact=True).blur()
    expect(page.locator("#fits")).to_have_text("2 questions fit this choice.")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.wait_for_url(re.compile(r"/quiz/[0-9a-f-]+/\d/$"))
        if page.get_by_role("radio").count():
            letter = page.locator(".choice", has_text="The hidden state").locator(".choice__key").inner_text()
            page.keyboard.press(letter.lower())
            page.keyboard.press("Control+Enter")
            expect(page.get_by_text("The hidden state is shared over time.")).to_be_visible()
            page.locator("body").press("Enter")
        else:
            expect(page.get_by_text("The short answer")).to_have_count(0)
            page.get_by_label("Your answer").fill("The path is additive.")
            page.keyboard.press("Control+Enter")
            page.get_by_label("Says that the path is additive.").check()
            page.get_by_label("Names the forget gate").check()
            expect(page.locator("[data-rubric-points]")).to_have_text("6")
            expect(page.locator("[data-rubric-words]")).to_contain_text("above the line")
            page.get_by_role("button", name="Save the points and go on").click()
    if "/overview/" in page.url:
        expect(page.get_by_role("heading", name="All 2 answered")).to_be_visible()
        page.locator("body").press("Enter")
    expect(page.get_by_role("heading", name="0.6 of 2 points")).to_be_visible()
    expect(page.get_by_text("The hidden state is shared over time.")).to_be_visible()
    expect(page.get_by_role("link", name="Reading with recurrence")).to_be_visible()
    page.get_by_role("button", name="Retry the 1 missed").click()
    expect(page.get_by_text("Question 1 of 1")).to_be_visible()


def test_a_draft_saves_itself_and_waits_on_another_device(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User
) -> None:
    session = begin(alice, "open")
    laptop, phone = new_page(), new_page(viewport=PHONE)
    for page in (laptop, phone):
        sign_in(page, live_server, alice)
    open_item(laptop, live_server, session)
    laptop.get_by_label("Your answer").press_sequentially("Half an answer")
    expect(laptop.locator("[data-saved]")).to_contain_text("Draft saved")
    open_item(phone, live_server, session)
    expect(phone.get_by_label("Your answer")).to_have_value("Half an answer")


def test_leaving_in_the_middle_of_a_word_loses_nothing(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_label("Your answer").fill("Unsaved as y")
    page.goto(live_server.url + "/topics/")
    open_item(page, live_server, session)
    expect(page.get_by_label("Your answer")).to_have_value("Unsaved as y")


def test_a_lost_connection_is_said_and_mended(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("Written in a tunnel")
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved", timeout=15_000)


def test_a_double_click_commits_once(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "single")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Commit the answer").dblclick()
    expect(page.locator(".chip--verdict")).to_be_visible()
    assert SessionItem.objects.committed().count() == 1


def test_the_timer_counts_along(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open", minutes=2, ago=58)
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    expect(page.locator("[data-timer-text]")).to_have_text(re.compile(r"^0:5\d left$"))


def test_time_runs_out_and_says_so_without_taking_the_answer(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open", minutes=1, ago=57)
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_label("Your answer").fill("Slowly")
    expect(page.locator("[data-timer-text]")).to_have_text("Time is up")
    page.get_by_role("button", name="Commit the answer").click()
    expect(page.locator(".chip", has_text="late")).to_be_visible()


def test_time_that_runs_out_without_a_network_loses_nothing(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open", minutes=1, ago=57)
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("Written in a tunnel")
    expect(page.locator("[data-timer-text]")).to_have_text("Time is up")
    page.get_by_role("button", name="Commit the answer").click()
    expect(page.locator("[data-saved]")).to_contain_text("your answer stays here")
    expect(page.get_by_label("Your answer")).to_have_value("Written in a tunnel")
    page.context.set_offline(False)
    page.get_by_role("button", name="Commit the answer").click()
    expect(page.locator(".chip", has_text="late")).to_be_visible()
    assert SessionItem.objects.get().answer == {"text": "Written in a tunnel"}


def test_an_open_answer_is_written_marked_and_left_by_keyboard_alone(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    session = begin(alice, "open")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("The path is additive.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rubric-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert SessionItem.objects.get().ticks, "the point was kept"
    assert "/overview/" in page.url


def test_points_that_cannot_be_sent_stay_on_the_page(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_label("Your answer").fill("The path is additive.")
    page.get_by_role("button", name="Commit the answer").click()
    page.get_by_label("Says that the path is additive.").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the points and go on").click()
    expect(page.get_by_text("No connection: nothing was sent")).to_be_visible()
    expect(page.get_by_label("Says that the path is additive.")).to_be_checked()
    page.context.set_offline(False)
    with page.expect_navigation():
        page.get_by_role("button", name="Save the points and go on").click()
    assert SessionItem.objects.get().ticks


def test_lines_of_a_program_are_picked_by_keyboard(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "bug")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_role("checkbox", name="Line 3: return z + h").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".code-line--right")).to_contain_text("found")


def test_enter_leads_from_gap_to_gap_and_never_commits(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "cloze")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    first, second = page.get_by_label("Gap 1 of 2"), page.get_by_label("Gap 2 of 2")
    second.fill("sigmoid")
    second.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("One gap is empty")
    expect(second).to_have_value("sigmoid")
    first.fill("tanh")
    first.press("Enter")
    expect(page.get_by_role("button", name="Commit the answer")).to_be_focused()
    assert not SessionItem.objects.committed().exists()
    page.keyboard.press("Enter")
    expect(page.locator(".chip--verdict")).to_have_text("Right")


def test_enter_in_the_number_field_asks_for_the_button(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "numeric")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_label("Your number").fill("0.00")
    page.get_by_label("Your number").press("Enter")
    expect(page.get_by_role("button", name="Commit the answer")).to_be_focused()
    assert not SessionItem.objects.committed().exists()


def test_starting_in_the_middle_of_counting_logs_nothing(page: Page, live_server: LiveServer, alice: User) -> None:
    """What the console says of a request cut short fails the test by itself."""
    make_question("single")
    make_question("open", level="advanced")
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/quiz/")
    page.get_by_label("advanced").check()
    expect(page.locator("#fits")).to_contain_text("1 question fits")
    page.route("**/quiz/?*", lambda route: None)
    page.get_by_label("basic").check()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url(re.compile(r"/quiz/[0-9a-f-]+/\d/$"))


def test_paper_shows_what_is_folded_and_no_buttons(page: Page, live_server: LiveServer, alice: User) -> None:
    session = begin(alice, "open")
    sign_in(page, live_server, alice)
    open_item(page, live_server, session)
    page.get_by_label("Your answer").fill("The path is additive.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("in five minutes,")).to_be_hidden()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_text("in five minutes,")).to_be_visible()
    expect(page.get_by_role("button", name="Save the points", exact=True)).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.get_by_text("in five minutes,")).to_be_hidden()


def test_a_quiz_works_without_scripts(new_page: Callable[..., Page], live_server: LiveServer, alice: User) -> None:
    make_question("open")
    make_question("numeric")
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/quiz/")
    page.get_by_role("button", name="Start the quiz").click()
    open_first = page.get_by_label("Your answer").count() == 1
    here, there = ("1", "2") if open_first else ("2", "1")
    if not open_first:
        page.get_by_role("button", name="2", exact=True).click()
    page.get_by_label("Your answer").fill("A draft without scripts")
    page.get_by_role("button", name=there, exact=True).click()
    page.get_by_label("Your number").fill("0.0066")
    page.get_by_label("Your number").press("Enter")
    expect(page.locator(".chip--verdict")).to_have_text("Right")
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=here).click()
    expect(page.get_by_label("Your answer")).to_have_value("A draft without scripts")
    page.get_by_role("button", name="Commit the answer").click()
    page.get_by_label("Names the forget gate").check()
    page.get_by_role("button", name="Save the points and go on").click()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.get_by_role("heading", name="1.2 of 2 points")).to_be_visible()


def test_a_visitor_tries_one_question(page: Page, live_server: LiveServer) -> None:
    make_question("single", settings.TRIAL_QUESTION)
    page.goto(f"{live_server.url}/questions/{settings.TRIAL_QUESTION}/")
    page.get_by_text("The weights").click()
    page.get_by_role("button", name="Commit the answer").click()
    expect(page.locator(".chip--verdict")).to_have_text("Right")
    expect(page.get_by_text("lives in this browser only")).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_no_question_scrolls_sideways_on_a_phone(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User, kind: str
) -> None:
    question = make_question(kind)
    page = new_page(viewport=PHONE)
    sign_in(page, live_server, alice)
    page.goto(f"{live_server.url}/questions/{question.slug}/")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name="I do not know yet").click()
    expect(page.get_by_text("The short answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_technology_finds_its_way(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User, scheme: str
) -> None:
    session = begin(alice, *KINDS, minutes=30)
    guide = make_guide()
    page = new_page(color_scheme=scheme)
    sign_in(page, live_server, alice)
    quiz = f"/quiz/{session.uuid}"
    for address in ("/quiz/", f"/guides/{guide.slug}/", f"{quiz}/overview/", *(f"{quiz}/{n}/" for n in range(1, 9))):
        page.goto(live_server.url + address)
        assert serious(page) == [], address
        if page.locator("form[data-answer]").count():
            fill_something(page)
            page.keyboard.press("Control+Enter")
            expect(page.locator(".chip--verdict")).to_be_visible()
            assert serious(page) == [], f"{address} answered"
    page.goto(f"{live_server.url}{quiz}/overview/")
    page.get_by_role("button", name="Finish").click()
    assert serious(page) == []


def fill_something(page: Page) -> None:
    """Whatever the type of the question: one option, one line, one gap, or a few words."""
    for box in page.locator("form[data-answer] input[type=text], form[data-answer] textarea").all():
        box.fill("1")
    if page.locator(".choice input, .code-line input").count():
        page.locator(".choice input, .code-line input").first.check()


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical on the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
