"""The workbench: the page of a lab, its draft, and what is sent to be graded."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account import app_settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from codelabs import loading, submitting
from codelabs.content import LabData
from codelabs.examining import SUBMISSION
from codelabs.grading import Steps
from codelabs.models import Draft, Lab, Reveal, Submission
from codelabs.report import CaseResult, Report
from codelabs.slots import Slots
from codelabs.verdict import Verdict
from prepsite.accounts.models import User
from tests.codelabs.folders import FILES, make_folder
from tests.codelabs.rows import AT, STARTER, make_case, make_lab, make_result, make_submission, steps_of

pytestmark = pytest.mark.django_db
LAB = "/labs/lstm-step/"
LIVE = {"Accept": "application/x-ndjson"}
CODE = "def lstm_step(x, h, c, W, b):\n    return h, c\n"


@pytest.fixture
def lab() -> Lab:
    return make_lab()


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> list[tuple[str, str]]:
    """What reached the grader: (source, kind). It passes everything; the way there and back is the real one."""
    taken: list[tuple[str, str]] = []

    def grade(lab: LabData, source: str, kind: str, *, seed: int, scratch: str, sitting: Any = None) -> Steps:
        taken.append((source, kind))
        return steps_of(Report.of(lab.slug, (CaseResult("small", "why small", True, Verdict.PASSED),)))

    monkeypatch.setattr("codelabs.tasks.grade_steps", grade)
    monkeypatch.setattr("codelabs.tasks.HOLD_BACK", timedelta())  # as if each case had taken a while
    return taken


def text_of(client: Client, url: str = LAB) -> str:
    return client.get(url).content.decode()


def lines_of(response: Any) -> list[dict[str, Any]]:
    """The lines of a stream, or of what is new."""
    body = response.getvalue() if response.streaming else response.content
    return [json.loads(line) for line in body.decode().splitlines()]


def last_panel(response: Any) -> str:
    return str(lines_of(response)[-1]["html"])


def in_editor(client: Client, url: str = LAB) -> str:
    return str(client.get(url).context["source"])


# The page


def test_a_lab_shows_its_statement_hints_and_starter(lab: Lab) -> None:
    page = text_of(Client())
    assert "<p>Write it.</p>" in page
    assert page.count('<details class="hint">') == 3
    assert in_editor(Client()) == STARTER


def test_a_lab_takes_a_fixed_number_of_queries(
    lab: Lab, as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for hour in range(12):
        make_submission(lab, user=alice, created_at=AT.replace(hour=hour))
    with django_assert_max_num_queries(10):
        as_alice.get(LAB)


def test_an_unknown_lab_and_a_draft_are_not_found(as_alice: Client) -> None:
    make_lab("unfinished", status="draft")
    assert as_alice.get("/labs/no-such-lab/").status_code == 404
    assert as_alice.get("/labs/unfinished/").status_code == 404


def test_staff_see_a_lab_that_is_not_yet_published(as_carol: Client) -> None:
    make_lab("unfinished", status="draft")
    assert as_carol.get("/labs/unfinished/").status_code == 200


def test_a_retired_lab_stays_with_those_who_worked_on_it(
    lab: Lab, as_alice: Client, as_bob: Client, alice: User
) -> None:
    make_submission(lab, user=alice)
    Lab.objects.update(status="retired")
    assert as_alice.get(LAB).status_code == 200
    assert as_bob.get(LAB).status_code == 404


def test_the_page_shows_the_last_result(lab: Lab, as_alice: Client, alice: User) -> None:
    make_submission(lab, "failed", user=alice)
    assert "0 of 1 cases passed." in text_of(as_alice)


def test_nobody_sees_somebody_elses_last_result(lab: Lab, as_bob: Client, alice: User) -> None:
    make_submission(lab, "failed", user=alice)
    assert "Nothing has been run yet." in text_of(as_bob)


def test_signed_out_people_read_the_lab_and_are_told_how_to_submit(lab: Lab) -> None:
    page = text_of(Client())
    assert "to run and submit this lab" in page
    assert 'value="submit"' not in page


def test_signed_out_people_may_run_the_trial_lab(settings: Settings, lab: Lab) -> None:
    settings.TRIAL_LAB = lab.slug
    assert 'value="submit"' in text_of(Client())


def test_a_lab_says_why_it_cannot_run_here(lab: Lab, as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codelabs.views.workbench.why_unavailable", lambda runtime: f"No {runtime} here.")
    page = text_of(as_alice)
    assert "No numpy here." in page
    assert 'value="submit" disabled' in page


def test_the_code_cannot_break_out_of_the_editor(lab: Lab, as_alice: Client, alice: User) -> None:
    Draft.objects.keep(alice, lab, "</textarea><script>alert(1)</script>", AT)
    assert "<script>alert" not in text_of(as_alice)


# What the editor opens with


def test_the_editor_opens_with_the_saved_draft(lab: Lab, as_alice: Client, alice: User) -> None:
    Draft.objects.keep(alice, lab, "mine = 1\n", AT)
    assert in_editor(as_alice) == "mine = 1\n"


def test_a_draft_that_begins_with_an_empty_line_keeps_it(lab: Lab, as_alice: Client, alice: User) -> None:
    Draft.objects.keep(alice, lab, "\nmine = 1\n", AT)
    assert ">\n\nmine = 1\n</textarea>" in text_of(as_alice)


def test_an_earlier_attempt_opens_without_touching_the_draft(lab: Lab, as_alice: Client, alice: User) -> None:
    Draft.objects.keep(alice, lab, "draft = 1\n", AT)
    attempt = make_submission(lab, "failed", user=alice, source="attempt = 1\n")
    assert in_editor(as_alice, f"{LAB}?restore={attempt.uuid}") == "attempt = 1\n"
    assert "Back to my draft" in text_of(as_alice, f"{LAB}?restore={attempt.uuid}")
    assert Draft.objects.get().source == "draft = 1\n"


def test_the_starter_opens_without_touching_the_draft(lab: Lab, as_alice: Client, alice: User) -> None:
    Draft.objects.keep(alice, lab, "draft = 1\n", AT)
    assert in_editor(as_alice, f"{LAB}?restore=starter") == STARTER
    assert Draft.objects.get().source == "draft = 1\n"


def test_somebody_elses_attempt_cannot_be_opened(lab: Lab, as_bob: Client, alice: User) -> None:
    attempt = make_submission(lab, user=alice)
    assert as_bob.get(f"{LAB}?restore={attempt.uuid}").status_code == 404


@pytest.mark.parametrize("wanted", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_attempt_that_does_not_exist_is_not_found(lab: Lab, as_alice: Client, wanted: str) -> None:
    assert as_alice.get(f"{LAB}?restore={wanted}").status_code == 404


# Sending


def test_a_submission_is_graded_and_leads_to_its_page(
    lab: Lab, as_alice: Client, alice: User, graded: list[tuple[str, str]]
) -> None:
    response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"})
    assert graded == [(CODE, "submit")]
    submission = Submission.objects.get()
    assert (submission.user, submission.verdict) == (alice, "passed")
    assert response["Location"] == submission.get_absolute_url()


def test_an_attempt_from_the_workbench_is_watched_case_by_case_to_its_verdict(
    lab: Lab, as_alice: Client, graded: list[tuple[str, str]]
) -> None:
    response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "run"}, headers=LIVE)
    assert response.headers["X-Accel-Buffering"] == "no"
    start, case, end = lines_of(response)
    assert graded == [(CODE, "run")]
    news = f"/submissions/{Submission.objects.get().uuid}/news/"
    assert start == {"part": "taken", "news": news, "headline": "Running your code…"}
    assert (case["part"], case["headline"]) == ("case", "Running your code: 1 of 1 cases are marked…")
    assert case["html"].startswith('<li class="case">')
    assert (end["part"], end["headline"]) == ("panel", "All 1 visible cases passed. Submit runs the hidden ones too.")


def test_each_case_is_kept_before_it_is_shown_and_nothing_is_graded_before_the_first_line_is_taken(
    lab: Lab, as_alice: Client, graded: list[tuple[str, str]]
) -> None:
    response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"}, headers=LIVE)
    lines = iter(response)
    next(lines)
    assert graded == []
    next(lines)
    running = Submission.objects.get()
    assert (running.status, running.total, running.passed) == ("running", 1, 1)
    assert [case["id"] for case in running.result["cases"]] == ["small"]
    list(lines)
    assert Submission.objects.get().status == "finished"


def test_who_closes_the_page_while_it_is_graded_still_gets_the_verdict(
    lab: Lab, as_alice: Client, graded: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(2, patience_seconds=0.01)
    monkeypatch.setattr(submitting, "SLOTS", slots)
    for taken in (0, 1, 2):
        response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"}, headers=LIVE)
        lines = iter(response)
        for _ in range(taken):
            next(lines)
        response.close()
    assert Submission.objects.filter(verdict="passed").count() == 3
    with slots.slot(visitor=False) as first, slots.slot(visitor=False) as second:
        assert first, "the place has been given back"
        assert second


def test_with_a_queue_the_stream_ends_at_its_start_and_says_where_to_ask(
    lab: Lab, as_alice: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    worker: list[int] = []
    monkeypatch.setattr("codelabs.tasks.grade.delay", worker.append)
    [start] = lines_of(as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"}, headers=LIVE))
    submission = Submission.objects.get()
    assert worker == [submission.pk]
    news = f"/submissions/{submission.uuid}/news/"
    assert start == {"part": "taken", "news": news, "headline": "Waiting for a free place…"}


def test_the_scratch_lines_go_with_the_attempt_and_stay_in_the_draft(
    lab: Lab, as_alice: Client, graded: list[tuple[str, str]]
) -> None:
    as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "run", "scratch": "1 + 1\r\n"}, headers=LIVE).getvalue()
    assert Submission.objects.get().scratch == "1 + 1\n"
    assert as_alice.get(LAB).context["scratch"] == "1 + 1\n"
    as_alice.post(f"{LAB}draft/", {"source": "x"})
    assert Draft.objects.get().scratch == "1 + 1\n", "where none are sent, those that are kept stay"


@pytest.mark.parametrize("scratch", ["x" * 4_001, "a = '\x00'"], ids=["too long", "NUL"])
def test_bad_scratch_lines_are_refused_with_a_sentence(
    lab: Lab, as_alice: Client, graded: list[tuple[str, str]], scratch: str
) -> None:
    attempt = {"source": CODE, "kind": "run", "scratch": scratch}
    response = as_alice.post(f"{LAB}submit/", attempt, headers=LIVE)
    assert response.status_code == 422
    assert response.json()["refusal"]
    page = as_alice.post(f"{LAB}submit/", attempt)
    assert page.context["scratch"] == scratch
    assert graded == []


def test_a_pass_after_the_reveal_is_marked_at_once(
    lab: Lab, as_alice: Client, alice: User, graded: list[tuple[str, str]]
) -> None:
    Reveal.objects.record(alice, lab, AT)
    response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"}, headers=LIVE)
    assert ">after reveal<" in last_panel(response)


def test_carriage_returns_of_the_browser_are_dropped(lab: Lab, as_alice: Client, graded: list[tuple[str, str]]) -> None:
    as_alice.post(f"{LAB}submit/", {"source": CODE.replace("\n", "\r\n"), "kind": "run"})
    assert graded == [(CODE, "run")]


def test_what_is_sent_is_the_draft_from_then_on(lab: Lab, as_alice: Client, graded: list[tuple[str, str]]) -> None:
    as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "run"})
    assert Draft.objects.get().source == CODE


REFUSED = {
    "empty": (b"", "There is no code to run yet."),
    "blank": (b"  \n\t\n", "There is no code to run yet."),
    "over 64 KiB": (b"x" * 65_537, "64 KiB"),
    "over 64 KiB in UTF-8": ("é".encode() * 32_769, "64 KiB"),
    "NUL": (b"a = 1\nb = '\x00'\n", "Line 2 holds a NUL character"),
    "not UTF-8": (b"a = 1\nb = '\xff'\n", "Line 2 holds bytes that are not UTF-8"),
    "a lone surrogate": (b"a = '\xed\xa0\x80'\n", "not UTF-8"),
}


@pytest.mark.parametrize(("source", "sentence"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("headers", [{}, LIVE], ids=["whole page", "for the script"])
def test_bad_code_is_refused_with_a_sentence_and_not_run(
    lab: Lab,
    as_alice: Client,
    graded: list[tuple[str, str]],
    source: bytes,
    sentence: str,
    headers: dict[str, str],
) -> None:
    body = b"kind=submit&source=" + b"".join(b"%%%02x" % byte for byte in source)
    response = as_alice.post(f"{LAB}submit/", body, content_type="application/x-www-form-urlencoded", headers=headers)
    assert response.status_code == 422
    assert sentence in (response.json()["refusal"] if headers else response.content.decode())
    assert graded == []
    assert not Submission.objects.exists()


def test_refused_code_is_not_lost_without_javascript(lab: Lab, as_alice: Client) -> None:
    response = as_alice.post(f"{LAB}submit/", {"source": "keep = '\x00'\n", "kind": "submit"})
    assert "keep = " in response.context["source"]


def test_sixty_four_kibibytes_exactly_are_taken(lab: Lab, as_alice: Client, graded: list[tuple[str, str]]) -> None:
    as_alice.post(f"{LAB}submit/", {"source": "x" * 65_536, "kind": "run"})
    assert len(graded) == 1


@pytest.mark.parametrize("kind", ["", "grade", "SUBMIT"])
def test_what_is_neither_run_nor_submit_is_refused(lab: Lab, as_alice: Client, kind: str) -> None:
    response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": kind})
    assert response.status_code == 422
    assert "neither a run nor a submission" in response.content.decode()


def test_a_third_attempt_while_two_are_being_graded_is_told_when_to_come_again(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    for _ in range(2):
        make_submission(lab, "", user=alice, created_at=timezone.now())
    for headers in ({}, LIVE):
        response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "run"}, headers=headers)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == str(submitting.WAIT_SECONDS)
        assert "still being graded" in response.content.decode()
    assert response.json() == {"refusal": submitting.IN_FLIGHT, "wait_seconds": submitting.WAIT_SECONDS}
    assert Draft.objects.get().source == CODE


def test_when_all_graders_are_busy_the_code_is_kept(
    lab: Lab, as_alice: Client, monkeypatch: pytest.MonkeyPatch, graded: list[tuple[str, str]]
) -> None:
    slots = Slots(1, patience_seconds=0.01)
    monkeypatch.setattr(submitting, "SLOTS", slots)
    with slots.slot(visitor=False):
        response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"})
    assert response.status_code == 429
    assert submitting.BUSY in response.content.decode()
    assert response.context["source"] == CODE
    assert Draft.objects.get().source == CODE
    assert graded == []
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_real_code_comes_back_from_the_real_sandbox_with_its_mistake_named(as_alice: Client, tmp_path: Path) -> None:
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    url = f"{Lab.objects.get().get_absolute_url()}submit/"
    wrong = last_panel(as_alice.post(url, {"source": FILES["wrong/adds.py"], "kind": "submit"}, headers=LIVE))
    said = ("This behaves exactly like adding the factor.", "0 of 4 cases passed.", "To compare by hand.", "<svg")
    places = [wrong.index(words) for words in said]
    assert places == sorted(places)
    error = as_alice.post(url, {"source": "def scale(x, factor):\n    return y\n", "kind": "run"}, headers=LIVE)
    assert 'data-error-lines="2"' in (told := last_panel(error))
    assert "NameError: name" in told
    right = last_panel(as_alice.post(url, {"source": FILES["solution.py"], "kind": "submit"}, headers=LIVE))
    assert "Passed: all 4 cases." in right
    assert re.search(r"Memory, at most.*MB.*MB.*512 MB", right, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_scratch_lines_run_in_the_real_sandbox_beside_the_code(as_alice: Client, tmp_path: Path) -> None:
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    url = f"{Lab.objects.get().get_absolute_url()}submit/"
    attempt = {"source": FILES["solution.py"], "kind": "run", "scratch": "print('so')\nscale(2, 21)"}
    shown = last_panel(as_alice.post(url, attempt, headers=LIVE))
    assert shown.index("Your scratch lines") < shown.index(">so\n<") < shown.index(">42<")


def test_sending_refuses_get(lab: Lab, as_alice: Client) -> None:
    assert as_alice.get(f"{LAB}submit/").status_code == 405


def test_sending_to_an_unknown_lab_is_not_found(as_alice: Client) -> None:
    assert as_alice.post("/labs/no-such-lab/submit/", {"source": CODE, "kind": "run"}).status_code == 404


def test_sending_without_the_token_of_the_page_is_refused(lab: Lab, alice: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice)
    assert careful.post(f"{LAB}submit/", {"source": CODE, "kind": "run"}).status_code == 403


# Visitors


def test_a_visitor_is_sent_to_sign_in(lab: Lab, graded: list[tuple[str, str]]) -> None:
    response = Client().post(f"{LAB}submit/", {"source": CODE, "kind": "run"})
    assert response["Location"] == "/accounts/login/?next=/labs/lstm-step/"
    told = Client().post(f"{LAB}submit/", {"source": CODE, "kind": "run"}, headers=LIVE)
    assert (told.status_code, told.json()) == (401, {"sign_in": "/accounts/login/?next=/labs/lstm-step/"})
    assert graded == []


def test_a_visitor_may_run_and_submit_the_trial_lab(
    settings: Settings, lab: Lab, graded: list[tuple[str, str]]
) -> None:
    settings.TRIAL_LAB = lab.slug
    visitor = Client()
    response = visitor.post(f"{LAB}submit/", {"source": CODE, "kind": "submit"})
    submission = Submission.objects.get()
    assert submission.user is None
    assert submission.visitor == visitor.session.session_key
    assert visitor.get(response["Location"]).status_code == 200
    assert in_editor(visitor) == CODE


def test_one_visitor_cannot_see_what_another_sent(
    settings: Settings, lab: Lab, as_alice: Client, graded: list[tuple[str, str]]
) -> None:
    settings.TRIAL_LAB = lab.slug
    response = Client().post(f"{LAB}submit/", {"source": CODE, "kind": "submit"})
    assert Client().get(response["Location"]).status_code == 404
    assert as_alice.get(response["Location"]).status_code == 404


def test_visitors_are_limited_by_address_and_learners_are_not(
    settings: Settings, lab: Lab, as_alice: Client, graded: list[tuple[str, str]]
) -> None:
    settings.TRIAL_LAB = lab.slug
    settings.ACCOUNT_RATE_LIMITS = {"try_lab": "3/m/ip"}
    attempt = {"source": CODE, "kind": "submit"}
    for _ in range(3):
        assert Client().post(f"{LAB}submit/", attempt).status_code == 302
    for headers in ({}, LIVE):
        refused = Client().post(f"{LAB}submit/", attempt, headers=headers)
        assert refused.status_code == 429
        assert "Please wait a minute" in refused.content.decode()
        assert "sessionid" not in refused.cookies
    assert Client(REMOTE_ADDR="192.0.2.7").post(f"{LAB}submit/", attempt).status_code == 302
    assert as_alice.post(f"{LAB}submit/", attempt).status_code == 302
    assert len(graded) == 5


def test_visitors_are_limited_unless_the_operator_says_otherwise() -> None:
    assert app_settings.RATE_LIMITS["try_lab"]
    assert app_settings.RATE_LIMITS["login"]


# Drafts


def test_a_draft_is_saved_and_says_when(lab: Lab, as_alice: Client) -> None:
    response = as_alice.post(f"{LAB}draft/", {"source": "half = \r\n"})
    draft = Draft.objects.get()
    assert draft.source == "half = \n"
    assert response.json() == {"saved_at": draft.saved_at.isoformat(), "put_aside": False}


def test_a_draft_may_be_empty_and_the_last_save_wins(lab: Lab, as_alice: Client) -> None:
    as_alice.post(f"{LAB}draft/", {"source": "first"})
    as_alice.post(f"{LAB}draft/", {"source": ""})
    assert Draft.objects.get().source == ""


def test_each_learner_has_a_draft_of_their_own(lab: Lab, as_alice: Client, as_bob: Client) -> None:
    as_alice.post(f"{LAB}draft/", {"source": "alice"})
    as_bob.post(f"{LAB}draft/", {"source": "bob"})
    assert in_editor(as_alice) == "alice"
    assert in_editor(as_bob) == "bob"


@pytest.mark.parametrize("source", ["x" * 65_537, "a\x00b"], ids=["too long", "NUL"])
def test_a_bad_draft_is_refused_with_a_sentence(lab: Lab, as_alice: Client, source: str) -> None:
    response = as_alice.post(f"{LAB}draft/", {"source": source})
    assert response.status_code == 422
    assert response.json()["error"]
    assert not Draft.objects.exists()


def test_a_draft_refuses_get_and_people_who_are_signed_out(lab: Lab, as_alice: Client) -> None:
    assert as_alice.get(f"{LAB}draft/").status_code == 405
    assert Client().post(f"{LAB}draft/", {"source": "x"})["Location"].startswith("/accounts/login/")
    assert not Draft.objects.exists()


def test_the_editor_calls_the_file_what_tracebacks_call_it(lab: Lab, as_alice: Client) -> None:
    assert f">{SUBMISSION}.py<" in text_of(as_alice)


def test_a_mark_before_the_text_is_taken_off(
    lab: Lab, as_alice: Client, alice: User, graded: list[tuple[str, str]]
) -> None:
    as_alice.post(f"{LAB}submit/", {"source": "\ufeff" + CODE, "kind": "run"})
    assert graded == [(CODE, "run")]
    as_alice.post(f"{LAB}draft/", {"source": "\ufeffx = '\ufeff'\n"})
    assert Draft.objects.get().source == "x = '\ufeff'\n"


# A text that this page does not know


def saved(client: Client, source: str, base: str, **more: str) -> bool:
    """Save `source` from a page that last knew `base`; whether another text was put aside."""
    return bool(client.post(f"{LAB}draft/", {"source": source, "base": base} | more).json()["put_aside"])


def test_a_text_that_the_page_does_not_know_is_put_aside_and_its_own_is_not(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    Draft.objects.keep(alice, lab, "phone = 1\n", AT)
    assert saved(as_alice, "desk = 1\r\n", "old = 1\r\n")
    draft = Draft.objects.get()
    assert (draft.source, draft.aside) == ("desk = 1\n", "phone = 1\n")
    assert not saved(as_alice, "desk = 2\n", "desk = 1\n")
    assert in_editor(as_alice, f"{LAB}?restore=aside") == "phone = 1\n"


@pytest.mark.parametrize(
    ("held", "source", "base"),
    [
        ("mine = 2\n", "mine = 2\n", "mine = 1\n"),
        (STARTER, "mine = 1\n", "mine = 0\n"),
        (" \n", "mine = 1\n", "mine = 0\n"),
    ],
    ids=["an answer that was lost", "the untouched starter", "nothing"],
)
def test_what_is_no_loss_is_not_put_aside(
    lab: Lab, as_alice: Client, alice: User, held: str, source: str, base: str
) -> None:
    Draft.objects.keep(alice, lab, held, AT)
    assert not saved(as_alice, source, base)
    draft = Draft.objects.get()
    assert (draft.source, draft.aside) == (source, "")


def test_a_page_on_which_nothing_was_written_leaves_the_draft_and_keeps_its_scratch_lines(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    Draft.objects.keep(alice, lab, "phone = 1\n", AT)
    assert not saved(as_alice, "old = 1\n", "old = 1\n", scratch="1 + 1")
    draft = Draft.objects.get()
    assert (draft.source, draft.scratch, draft.aside) == ("phone = 1\n", "1 + 1", "")


def test_an_attempt_says_whether_it_put_a_text_aside(
    lab: Lab, as_alice: Client, alice: User, graded: list[tuple[str, str]]
) -> None:
    Draft.objects.keep(alice, lab, "phone = 1\n", AT)
    told = []
    for base in ("old = 1\n", CODE):
        response = as_alice.post(f"{LAB}submit/", {"source": CODE, "kind": "run", "base": base}, headers=LIVE)
        b"".join(response.streaming_content)
        told.append(response["X-Draft-Put-Aside"])
    assert told == ["1", "0"]
    assert Draft.objects.get().aside == "phone = 1\n"


# A page that was left open over signing out


def test_a_page_of_another_account_writes_nothing_into_this_one(
    lab: Lab, as_alice: Client, alice: User, bob: User, graded: list[tuple[str, str]]
) -> None:
    Draft.objects.keep(alice, lab, "hers = 1\n", AT)
    sent = {"source": "his = 1\n", "kind": "submit", "owner": str(bob.pk)}
    draft = as_alice.post(f"{LAB}draft/", sent)
    assert (draft.status_code, draft.json()) == (409, {"error": "Another account is signed in in this browser now."})
    attempt = as_alice.post(f"{LAB}submit/", sent, headers=LIVE)
    assert attempt.status_code == 422
    assert attempt.json()["refusal"].startswith("Another account is signed in")
    as_alice.post(f"{LAB}begin-again/", sent)
    assert Draft.objects.get().source == "hers = 1\n"
    assert not Submission.objects.exists()
    assert graded == []


def test_a_page_of_an_account_that_has_signed_out_is_sent_to_sign_in(
    settings: Settings, lab: Lab, alice: User, graded: list[tuple[str, str]]
) -> None:
    """Also for the lab that visitors may try: what was written belongs to the account."""
    settings.TRIAL_LAB = lab.slug
    sent = {"source": CODE, "kind": "run", "owner": str(alice.pk)}
    answer = Client().post(f"{LAB}submit/", sent, headers=LIVE)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": "/accounts/login/?next=/labs/lstm-step/"})
    assert graded == []


def test_the_page_says_whose_it_is(lab: Lab, as_alice: Client, alice: User) -> None:
    assert f'name="owner" value="{alice.pk}"' in text_of(as_alice)
    assert 'name="owner" value=""' in text_of(Client())


# Beginning again


def test_beginning_again_puts_the_starter_in_and_the_code_aside_from_where_it_comes_back(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    Draft.objects.keep(alice, lab, "mine = 1\n", AT)
    assert as_alice.post(f"{LAB}begin-again/")["Location"] == LAB
    assert in_editor(as_alice) == STARTER
    assert "?restore=aside" in text_of(as_alice)
    assert in_editor(as_alice, f"{LAB}?restore=aside") == "mine = 1\n"
    as_alice.post(f"{LAB}begin-again/")
    assert Draft.objects.get().aside == "mine = 1\n", "an untouched starter is nothing to put aside"


def test_beginning_again_needs_a_learner_and_a_post(lab: Lab, as_alice: Client, alice: User) -> None:
    assert as_alice.get(f"{LAB}begin-again/").status_code == 405
    assert Client().post(f"{LAB}begin-again/")["Location"].startswith("/accounts/login/")
    assert as_alice.post("/labs/no-such-lab/begin-again/").status_code == 404
    assert Client().get(f"{LAB}?restore=aside").status_code == 404
    assert not Draft.objects.exists()


def test_the_error_line_is_marked_only_where_the_editor_holds_that_code(
    lab: Lab, as_alice: Client, alice: User, sign_in: Callable[[User], Client]
) -> None:
    result = make_result("error", [make_case("small", "error", line=2, traceback="…")])
    make_submission(lab, "error", user=alice, source=CODE, result=result)
    Draft.objects.keep(alice, lab, CODE, AT)
    assert 'data-result-is-current="true"' in text_of(as_alice)
    Draft.objects.keep(alice, lab, "other = 1\n", AT)
    assert 'data-result-is-current="true"' not in text_of(as_alice)


def test_what_a_lab_lends_to_the_code_can_be_read(lab: Lab, client: Client) -> None:
    assert "given.py" not in text_of(client)
    lab.files.create(path="given.py", text="def lent(a):\n    return a < 1\n")
    page = text_of(client)
    assert "given.py: what this lab lends to your code" in page
    assert "return a &lt; 1" in page
