"""The workbench in a real browser: typing, saving, sending, and what comes back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from codelabs import content, loading, submitting, tasks
from codelabs.models import Draft, Lab, Submission
from prepsite.accounts.models import User
from tests.browser.conftest import PHONE
from tests.codelabs.folders import FILES, make_folder
from tests.codelabs.rows import make_submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = FILES["solution.py"]
STARTER = FILES["starter.py"]
MISTAKE = FILES["wrong/adds.py"]
NAMED = "This behaves exactly like adding the factor."
STOPS = "def scale(x, factor):\n    return q\n"
SLOW = "import time\n\n\ndef scale(x, factor):\n    time.sleep(0.8)\n    return factor * x\n"
GRADING_MS = 90_000  # where the author's box has to import torch first


@pytest.fixture
def lab(transactional_db: None, tmp_path: Path) -> Lab:
    """A small lab that needs no torch; everything in this file is graded by the real grader."""
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    Lab.objects.update(prerequisites=["rnn-cell"], questions=["gate-orders"])
    return Lab.objects.get()


def sent() -> list[tuple[str, str]]:
    """What reached the grader: (kind, source), in order."""
    return list(Submission.objects.order_by("pk").values_list("kind", "source"))


@pytest.fixture
def enter(live_server: Any, sign_in: Callable[[User], Client]) -> Callable[[Page, User], None]:
    """Sign a person in by the cookie of their session."""

    def as_person(page: Page, person: User) -> None:
        cookie = sign_in(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return as_person


@pytest.fixture
def bench(page: Page, live_server: Any, lab: Lab, alice: User, enter: Callable[[Page, User], None]) -> Iterator[Page]:
    """Alice at the workbench of the LSTM lab."""
    enter(page, alice)
    page.goto(live_server.url + lab.get_absolute_url())
    yield page
    page.goto("about:blank")  # nothing of this page speaks to the server while the tables are emptied


def write(page: Page, text: str) -> None:
    """Replace what the editor holds, by keyboard."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def code(page: Page) -> Locator:
    """The text area, which always holds what the editor holds."""
    return page.locator("#source")


# Writing and saving


def test_the_editor_stands_under_the_strict_policy(bench: Page) -> None:
    """No <style> element: CodeMirror's rules are adopted. A breach of the policy would fail the page fixture."""
    expect(bench.locator(".cm-editor")).to_be_visible()
    assert bench.locator("style").count() == 0
    assert bench.evaluate("document.adoptedStyleSheets.length") == 1
    assert bench.locator(".cm-lineNumbers").count() == 1
    assert "mono" in bench.locator(".cm-scroller").evaluate("node => getComputedStyle(node).fontFamily.toLowerCase()")


def test_what_is_typed_is_saved_and_survives_a_reload(bench: Page) -> None:
    write(bench, CODE)
    expect(bench.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().source == CODE
    bench.reload()
    expect(code(bench)).to_have_value(CODE)


def test_what_did_not_reach_the_site_comes_back_from_this_browser(bench: Page) -> None:
    bench.route("**/draft/", lambda route: route.abort())
    write(bench, CODE)
    expect(bench.locator("#saved")).to_contain_text("kept in this browser")
    bench.unroute("**/draft/")
    bench.reload()
    expect(bench.get_by_text("had kept changes that had not reached the site")).to_be_visible()
    expect(code(bench)).to_have_value(CODE)
    expect(bench.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().source == CODE


def test_scratch_lines_that_did_not_reach_the_site_come_back_as_well(bench: Page) -> None:
    write(bench, CODE)
    expect(bench.locator("#saved")).to_have_text("saved")
    bench.route("**/draft/", lambda route: route.abort())
    bench.get_by_text("Scratch lines:").click()
    bench.get_by_label("Scratch lines").fill("scale(2, 3)")
    expect(bench.locator("#saved")).to_contain_text("kept in this browser")
    bench.unroute("**/draft/")
    bench.reload()
    expect(bench.get_by_label("Scratch lines")).to_have_value("scale(2, 3)")
    expect(bench.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().scratch == "scale(2, 3)"
    expect(code(bench)).to_have_value(CODE)


def test_who_was_signed_out_meanwhile_is_told_and_loses_nothing(bench: Page) -> None:
    bench.context.clear_cookies(name="sessionid")
    write(bench, CODE)
    expect(bench.locator("#saved")).to_contain_text("you are signed out")
    assert bench.evaluate("Object.values(localStorage).some(text => text.includes('return factor'))")


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(
    bench: Page, live_server: Any, alice: User, enter: Callable[[Page, User], None]
) -> None:
    """Signing in gives the browser another token against forgery than this page has."""
    bench.context.clear_cookies(name="sessionid")
    write(bench, CODE)
    expect(bench.locator("#saved")).to_contain_text("you are signed out")
    enter(bench, alice)
    token = "a1B2" * 8
    bench.context.add_cookies([{"name": "csrftoken", "value": token, "url": live_server.url}])
    expect(bench.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().source == CODE
    bench.keyboard.press("ControlOrMeta+Enter")
    expect(bench.locator("#result .verdict")).to_be_visible(timeout=GRADING_MS)


def test_tab_indents_and_escape_then_tab_leaves_the_editor(bench: Page) -> None:
    write(bench, "x = 1")
    bench.keyboard.press("Home")
    bench.keyboard.press("Tab")
    expect(code(bench)).to_have_value("    x = 1")
    bench.keyboard.press("Escape")
    bench.keyboard.press("Tab")
    expect(bench.locator(".cm-content")).not_to_be_focused()
    expect(code(bench)).to_have_value("    x = 1")


def test_typing_over_a_selection_replaces_it(bench: Page) -> None:
    write(bench, "import numpy as np\nreturn 1\n")
    bench.keyboard.press("ControlOrMeta+a")
    bench.keyboard.type("import this")
    expect(code(bench)).to_have_value("import this")


def test_the_starter_comes_back_only_after_asking_and_undo_takes_it_away(bench: Page) -> None:
    write(bench, CODE)
    bench.get_by_role("link", name="Reset to the starter").click()
    bench.get_by_role("button", name="Keep my code").click()
    expect(code(bench)).to_have_value(CODE)
    bench.get_by_role("link", name="Reset to the starter").click()
    bench.get_by_role("button", name="Reset", exact=True).click()
    expect(code(bench)).to_have_value(STARTER)
    bench.get_by_role("button", name="Bring my code back").click()
    expect(code(bench)).to_have_value(CODE)
    bench.keyboard.press("ControlOrMeta+z")
    expect(code(bench)).to_have_value(STARTER)


def test_what_was_there_before_a_reset_comes_back_after_a_crash_as_well(bench: Page) -> None:
    write(bench, CODE)
    bench.get_by_role("link", name="Reset to the starter").click()
    bench.get_by_role("button", name="Reset", exact=True).click()
    expect(code(bench)).to_have_value(STARTER)
    bench.reload()
    expect(code(bench)).to_have_value(STARTER)
    bench.get_by_role("link", name="Back to what was put aside").click()
    expect(code(bench)).to_have_value(CODE)


def test_what_another_tab_wrote_is_put_aside_and_said_so(bench: Page, lab: Lab, alice: User) -> None:
    """A page that was open all the time does not know it; typing there saves over it."""
    elsewhere = "written = 'on the phone'\n"
    Draft.objects.keep(alice, lab, elsewhere, timezone.now())
    write(bench, CODE)
    notice = bench.get_by_text("The site held another text than the one that was opened here")
    expect(notice).to_be_visible()
    assert Draft.objects.get().source == CODE
    write(bench, CODE + "# more\n")
    expect(bench.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().aside == elsewhere, "what this page wrote itself is nothing to put aside"
    notice.get_by_role("link").click()
    expect(code(bench)).to_have_value(elsewhere)


def test_a_stale_page_that_only_runs_leaves_what_another_tab_wrote(bench: Page, lab: Lab, alice: User) -> None:
    Draft.objects.keep(alice, lab, CODE, timezone.now())
    bench.keyboard.press("ControlOrMeta+Enter")
    expect(bench.locator("#result .verdict")).to_be_visible(timeout=GRADING_MS)
    assert sent() == [("run", STARTER)]
    assert Draft.objects.get().source == CODE


def test_an_attempt_that_waited_for_a_place_does_not_undo_what_was_written_meanwhile(
    bench: Page, lab: Lab, alice: User
) -> None:
    for _ in range(2):
        make_submission(lab, "", user=alice, created_at=timezone.now())
    write(bench, CODE)
    bench.keyboard.press("ControlOrMeta+Enter")
    expect(bench.get_by_text("still being graded")).to_be_visible()
    write(bench, CODE + "# more\n")
    expect(bench.locator("#saved")).to_have_text("saved")
    Submission.objects.update(status=Submission.Status.FINISHED, verdict="failed")
    expect(bench.locator("#result .verdict")).to_be_visible(timeout=GRADING_MS)
    assert sent()[-1] == ("run", CODE)
    assert Draft.objects.get().source == CODE + "# more\n"
    expect(bench.locator("#overtaken")).to_be_hidden()


def test_an_earlier_attempt_is_opened_without_losing_the_draft(bench: Page, lab: Lab, alice: User) -> None:
    attempt = make_submission(lab, user=alice, source="old = 1\n")
    Draft.objects.keep(alice, lab, CODE, timezone.now())
    bench.goto(bench.url.split("?")[0] + "history/")
    bench.get_by_role("link", name="Open in the editor").click()
    expect(code(bench)).to_have_value("old = 1\n")
    assert str(attempt.uuid) in bench.url
    bench.get_by_role("link", name="Back to my draft").click()
    expect(code(bench)).to_have_value(CODE)


def test_an_earlier_attempt_that_is_changed_puts_the_draft_aside(bench: Page, lab: Lab, alice: User) -> None:
    attempt = make_submission(lab, user=alice, source="old = 1\n")
    Draft.objects.keep(alice, lab, CODE, timezone.now())
    bench.goto(f"{bench.url.split('?')[0]}?restore={attempt.uuid}")
    write(bench, "old = 2\n")
    expect(bench.locator("#saved")).to_have_text("saved")
    draft = Draft.objects.get()
    assert (draft.source, draft.aside) == ("old = 2\n", CODE)
    expect(bench.locator("#overtaken")).to_be_hidden()  # the page said so when it opened the attempt


def test_two_of_many_attempts_are_compared_without_going_to_the_end(bench: Page, lab: Lab, alice: User) -> None:
    for number in range(40):
        make_submission(lab, user=alice, source=f"x = {number}\n")
    bench.goto(bench.url.split("?")[0] + "history/")
    bench.get_by_label("from").nth(3).check()
    compare = bench.get_by_role("button", name="Show what changed")
    expect(compare).to_be_in_viewport(ratio=1)
    compare.click()
    expect(bench.get_by_role("heading", name="What changed")).to_be_in_viewport()


def test_hints_that_were_opened_still_count_after_a_reload(bench: Page) -> None:
    bench.get_by_text("Hint 1 of 3").click()
    bench.get_by_text("Hint 2 of 3").click()
    expect(bench.get_by_text("Hint 3 of 3")).to_be_visible()
    bench.reload()
    write(bench, CODE)
    bench.keyboard.press("ControlOrMeta+Shift+Enter")
    expect(bench.locator("#result .verdict")).to_be_visible(timeout=GRADING_MS)
    assert Submission.objects.get().hints == 2


def test_hints_come_one_at_a_time(bench: Page) -> None:
    hints = bench.locator(".hint:visible")
    assert hints.count() == 1
    hints.nth(0).locator("summary").click()
    assert hints.count() == 2
    expect(bench.get_by_text("Hint 3 of 3")).to_be_hidden()


def test_the_split_moves_by_keyboard_and_is_remembered(bench: Page) -> None:
    handle = bench.get_by_role("separator", name="Width of the task")
    before = bench.locator(".statement").bounding_box()
    handle.focus()
    for _ in range(5):
        bench.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "50")
    after = bench.locator(".statement").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] + 50
    bench.reload()
    expect(bench.get_by_role("separator")).to_have_attribute("aria-valuenow", "50")


# Sending


def test_one_key_runs_and_with_shift_it_submits(bench: Page) -> None:
    write(bench, MISTAKE)
    bench.keyboard.press("Control+Enter")
    expect(bench.locator(".verdict")).to_contain_text("0 of 1 visible cases passed.")
    bench.keyboard.press("Control+Shift+Enter")
    expect(bench.locator(".verdict")).to_contain_text("0 of 4 cases passed.")
    assert sent() == [("run", MISTAKE), ("submit", MISTAKE)]
    expect(bench.locator("#attempts")).to_have_text("2")
    expect(code(bench)).to_have_value(MISTAKE)  # the key wrote nothing


def test_cases_appear_one_by_one_while_the_others_are_still_being_graded(bench: Page) -> None:
    write(bench, SLOW)
    bench.get_by_role("button", name="Submit").click()
    panel = bench.locator("#result")
    for number in (1, 2, 3):
        expect(panel.locator("[data-headline]")).to_have_text(f"Running your code: {number} of 4 cases are marked…")
        expect(panel.locator(".case")).to_have_count(number)
    expect(panel.locator(".case").first).to_contain_text("To compare by hand.")
    expect(panel.locator(".verdict")).to_have_text(re.compile("Passed: all 4 cases."))
    assert panel.locator(".case").count() == 4


def test_an_earlier_verdict_gives_way_to_an_attempt_that_takes_longer_than_a_moment(bench: Page) -> None:
    write(bench, MISTAKE)
    bench.get_by_role("button", name="Submit").click()
    expect(bench.locator(".verdict")).to_contain_text("0 of 4 cases passed.")
    write(bench, f"import time\ntime.sleep(1.5)\n{MISTAKE}")
    bench.get_by_role("button", name="Submit").click()
    expect(bench.locator("[data-headline]")).to_have_text("Running your code…")
    expect(bench.locator(".verdict")).to_have_count(0)
    expect(bench.locator(".verdict")).to_contain_text("0 of 4 cases passed.")
    expect(bench.locator("#attempts")).to_have_text("2")


def test_a_page_that_is_loaded_again_meanwhile_goes_on_watching(bench: Page) -> None:
    write(bench, SLOW)
    bench.get_by_role("button", name="Submit").click()
    expect(bench.locator("[data-headline]")).to_contain_text("1 of 4")
    bench.reload()
    expect(bench.locator("[data-headline]")).to_contain_text("3 of 4")
    expect(bench.locator(".case")).to_have_count(3)
    expect(bench.locator(".verdict")).to_contain_text("Passed: all 4 cases.")
    assert len(sent()) == 1


def test_a_third_attempt_counts_down_and_goes_off_by_itself(bench: Page) -> None:
    for number in (1, 2):
        write(bench, f"{SLOW}# {number}\n")
        bench.get_by_role("button", name="Submit").click()
        expect(bench.locator("#saved")).to_have_text("saved")
        expect(bench.locator("#attempts")).to_have_text(str(number))
    write(bench, MISTAKE)
    bench.get_by_role("button", name="Submit").click()
    countdown = bench.locator("#refusal .countdown")
    expect(countdown).to_contain_text("Two of your attempts are still being graded.")
    expect(countdown).to_contain_text(re.compile(r"sent by itself in [0-3] s"))
    expect(bench.get_by_role("heading", name=NAMED)).to_be_visible()
    expect(countdown).to_have_count(0)
    assert [source for _, source in sent()] == [f"{SLOW}# 1\n", f"{SLOW}# 2\n", MISTAKE]
    expect(bench.locator("#result .case")).to_have_count(4)  # of this attempt alone


def test_an_attempt_that_waits_can_be_called_off(bench: Page, lab: Lab, alice: User) -> None:
    for _ in range(2):
        make_submission(lab, "", user=alice, created_at=timezone.now())
    write(bench, CODE)
    bench.get_by_role("button", name="Run").click()
    bench.get_by_role("button", name="Do not send it").click()
    expect(bench.locator("#refusal")).to_be_empty()
    bench.wait_for_timeout(1000 * (submitting.WAIT_SECONDS + 1))
    assert len(sent()) == 2


def test_the_same_code_is_not_sent_twice_at_once(bench: Page) -> None:
    write(bench, SLOW)
    for _ in range(3):
        bench.keyboard.press("Control+Enter")
    expect(bench.locator(".verdict")).to_contain_text("All 1 visible cases passed.")
    assert sent() == [("run", SLOW)]


def test_the_result_names_the_mistake_first_and_is_announced(bench: Page) -> None:
    write(bench, MISTAKE)
    bench.get_by_role("button", name="Submit").click()
    panel = bench.locator("#result")
    expect(panel.get_by_role("heading", name=NAMED)).to_be_visible()
    words = panel.inner_text()
    assert words.index(NAMED) < words.index("0 of 4 cases passed.") < words.index("To compare by hand.")
    expect(bench.locator("#result-said")).to_have_text("0 of 4 cases passed.")
    expect(bench.get_by_role("button", name="Submit")).to_be_focused()


def test_hidden_cases_say_why_they_exist_and_how_they_differ_but_show_no_value(bench: Page) -> None:
    write(bench, MISTAKE)
    bench.get_by_role("button", name="Submit").click()
    hidden = bench.locator(".case").filter(has_text="one row")
    expect(hidden).to_contain_text("The values are not the expected ones.")
    assert hidden.locator("svg, details, pre").count() == 0
    visible = bench.locator(".case").filter(has_text="small")
    assert visible.locator("svg").count() == 1
    visible.get_by_text("Input, expected and yours").click()
    for name in ("x", "factor", "expected", "yours"):
        expect(visible.locator("dt", has_text=re.compile(f"^{name}$"))).to_be_visible()


def test_cpu_and_memory_stand_beside_the_reference_and_the_limit(bench: Page) -> None:
    write(bench, CODE)
    bench.get_by_role("button", name="Submit").click()
    row = bench.get_by_role("row").filter(has_text="Memory, at most")
    expect(row).to_contain_text(re.compile(r"MB\s*(under )?\d+ MB\s*512 MB"))
    expect(bench.get_by_role("row").filter(has_text="CPU, slowest case")).to_contain_text("2 s")


def test_scratch_lines_are_run_beside_the_code_and_come_back_after_a_reload(bench: Page) -> None:
    write(bench, CODE)
    bench.get_by_text("Scratch lines: call your function yourself").click()
    bench.get_by_label("Scratch lines", exact=True).fill("print('so')\nscale(2, 21)")
    bench.keyboard.press("Control+Enter")
    scratch = bench.get_by_role("region", name="Your scratch lines")
    expect(scratch.get_by_label("What they printed")).to_have_text("so\n")
    expect(scratch.get_by_label("The value of the last line")).to_have_text("42")
    bench.get_by_label("Scratch lines", exact=True).fill("scale(")
    expect(bench.locator("#saved")).to_have_text("saved")
    bench.reload()
    expect(bench.get_by_label("Scratch lines", exact=True)).to_have_value("scale(")


def test_the_error_is_drawn_in_the_sites_own_colours(bench: Page) -> None:
    write(bench, "def scale(x, factor):\n    y = factor * x\n    y[0, 1] += 1\n    y[1, 2] += 2\n    return y\n")
    bench.get_by_role("button", name="Run").click()
    picture = bench.get_by_role("img", name="2 of 6 squares differ")
    expect(picture).to_be_visible()
    fills = picture.locator("rect").evaluate_all("squares => squares.map(square => getComputedStyle(square).fill)")
    assert len(set(fills)) == 3
    assert "rgb(0, 0, 0)" not in fills


def test_the_line_of_the_error_is_marked_until_it_is_edited(bench: Page) -> None:
    write(bench, STOPS)
    bench.keyboard.press("Control+Enter")
    marked = bench.locator(".cm-error-line")
    expect(marked).to_have_text("    return q")
    expect(bench.get_by_label("Traceback")).to_contain_text('File "submission.py", line 2, in scale')
    bench.reload()
    expect(marked).to_have_text("    return q")
    marked.click()
    bench.keyboard.press("End")
    bench.keyboard.type("  # mended")
    expect(marked).to_have_count(0)


def test_with_a_queue_each_case_appears_by_itself_as_a_worker_marks_it(
    bench: Page, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    queue: list[int] = []
    monkeypatch.setattr("codelabs.tasks.grade.delay", queue.append)  # nobody at its other end but this test
    write(bench, MISTAKE)
    bench.get_by_role("button", name="Submit").click()
    expect(bench.locator("#result").get_by_text("Waiting for a free place")).to_be_visible()
    [waiting] = queue
    monkeypatch.setattr(tasks, "HOLD_BACK", timedelta())  # as if each case had taken a while
    taken = Submission.objects.claim(waiting, timezone.now())
    assert taken is not None
    worker = tasks.grading(taken)
    for number in (1, 2):
        next(worker)
        expect(bench.locator("#result .case")).to_have_count(number)
    expect(bench.locator("[data-headline]")).to_have_text("Running your code: 2 of 4 cases are marked…")
    for _ in worker:
        pass
    expect(bench.get_by_role("heading", name=NAMED)).to_be_visible()
    expect(bench.locator(".verdict")).to_contain_text("0 of 4 cases passed.")


def test_a_real_mistake_in_a_real_lab_is_named_drawn_and_mended(
    page: Page, live_server: Any, transactional_db: None, alice: User, enter: Callable[[Page, User], None]
) -> None:
    folder = site_settings.CONTENT_DIR / "labs/rnn-cell"
    lab, problems = content.read(folder)
    assert lab is not None, problems
    loading.store([lab])
    enter(page, alice)
    page.goto(f"{live_server.url}/labs/rnn-cell/")
    write(page, (folder / "wrong/no_activation.py").read_text())
    page.get_by_role("button", name="Submit").click()
    named = page.get_by_role("heading", name="This behaves exactly like a cell without its tanh.")
    expect(named).to_be_visible(timeout=GRADING_MS)
    expect(page.get_by_role("img", name="Where the error is").first).to_be_visible()
    write(page, (folder / "solution.py").read_text())
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".verdict")).to_contain_text("Passed: all", timeout=GRADING_MS)
    expect(named).to_have_count(0)
    page.goto("about:blank")


def test_code_that_is_too_long_is_refused_beside_the_editor(bench: Page) -> None:
    write(bench, "#" * 65_537)
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("#refusal")).to_contain_text("a lab takes at most 64 KiB")
    assert sent() == []
    assert len(code(bench).input_value()) == 65_537


def test_a_refusal_of_the_site_is_shown_beside_the_editor(bench: Page) -> None:
    write(bench, "   ")
    bench.get_by_role("button", name="Run").click()
    expect(bench.locator("#refusal")).to_contain_text("There is no code to run yet.")
    assert not Submission.objects.exists()


def test_a_lost_connection_is_said_and_nothing_is_lost(
    context: BrowserContext, live_server: Any, lab: Lab, alice: User, enter: Callable[[Page, User], None]
) -> None:
    page = context.new_page()  # not the one that forbids errors on the console, where the lost request is reported
    enter(page, alice)
    page.goto(live_server.url + lab.get_absolute_url())
    write(page, CODE)
    page.route("**/submit/", lambda route: route.abort())
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#refusal")).to_contain_text("The site cannot be reached")
    expect(code(page)).to_have_value(CODE)
    page.unroute("**/submit/")
    expect(page.get_by_role("button", name="Run")).not_to_have_attribute("aria-disabled", "true")
    page.goto("about:blank")


def test_a_visitor_tries_the_trial_lab_without_an_account(
    page: Page, live_server: Any, lab: Lab, settings: Any
) -> None:
    settings.TRIAL_LAB = lab.slug
    page.goto(live_server.url + lab.get_absolute_url())
    write(page, MISTAKE)
    expect(page.locator("#saved")).to_have_text("kept in this browser")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name=NAMED)).to_be_visible()
    assert Submission.objects.get().visitor
    page.goto("about:blank")


def test_what_a_visitor_wrote_is_in_the_editor_of_the_account_they_then_make(
    page: Page, live_server: Any, lab: Lab, settings: Any
) -> None:
    settings.TRIAL_LAB = lab.slug
    page.goto(live_server.url + lab.get_absolute_url())
    write(page, CODE)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".verdict")).to_contain_text("All 1 visible cases passed.")
    write(page, f"{CODE}# and more\n")
    expect(page.locator("#saved")).to_have_text("kept in this browser")
    page.goto(f"{live_server.url}/accounts/signup/?next={lab.get_absolute_url()}")
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill("correct-horse-battery")
    page.keyboard.press("Enter")
    expect(code(page)).to_have_value(f"{CODE}# and more\n")
    expect(page.locator("#saved")).to_have_text("saved")
    assert Draft.objects.get().source == f"{CODE}# and more\n"
    expect(page.locator("#attempts")).to_have_text("1")
    page.goto("about:blank")


def test_without_javascript_code_is_written_and_sent_from_a_text_area(
    new_page: Callable[..., Page], live_server: Any, lab: Lab, alice: User, enter: Callable[[Page, User], None]
) -> None:
    page = new_page(java_script_enabled=False)
    enter(page, alice)
    page.goto(live_server.url + lab.get_absolute_url())
    page.get_by_label("Your code").fill(MISTAKE)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name=NAMED)).to_be_visible()
    assert sent() == [("submit", MISTAKE)]
    page.get_by_role("link", name="Open in the editor").click()
    expect(code(page)).to_have_value(MISTAKE)


# Looks


@pytest.fixture
def addresses(lab: Lab, alice: User) -> list[str]:
    """Every page of this room, with something to show."""
    for source in (STOPS, MISTAKE):
        attempt = submitting.accept(alice, lab, source, "run", timezone.now(), scratch="scale(1, 2)")
    compared = "&".join(
        f"{name}={row.uuid}" for name, row in zip(("before", "after"), lab.submissions.all(), strict=True)
    )
    base = lab.get_absolute_url()
    return ["/labs/", base, attempt.get_absolute_url(), f"{base}history/?{compared}", f"{base}solution/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_without_scrolling_sideways(
    new_page: Callable[..., Page],
    live_server: Any,
    alice: User,
    enter: Callable[[Page, User], None],
    addresses: list[str],
    scheme: str,
) -> None:
    page = new_page(viewport=PHONE, color_scheme=scheme)
    enter(page, alice)
    for address in addresses:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    page.goto("about:blank")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    new_page: Callable[..., Page],
    live_server: Any,
    alice: User,
    enter: Callable[[Page, User], None],
    addresses: list[str],
    scheme: str,
) -> None:
    page = new_page(color_scheme=scheme)
    enter(page, alice)
    found = []
    for address in addresses:
        page.goto(live_server.url + address)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((address, violation["id"], [node["html"][:160] for node in violation["nodes"]]))
    assert found == []
    page.goto("about:blank")


def test_the_editor_follows_the_theme(bench: Page) -> None:
    ground = "node => getComputedStyle(node).backgroundColor"
    editor = bench.locator(".cm-editor")
    light = editor.evaluate(ground)
    bench.emulate_media(color_scheme="dark")
    assert editor.evaluate(ground) != light
