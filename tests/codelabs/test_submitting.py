"""Taking submissions in, and grading each of them once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from codelabs import loading, submitting, tasks
from codelabs.content import Wrong
from codelabs.grading import Marked, Steps
from codelabs.models import Lab, Submission
from codelabs.models.submission import STALE_AFTER
from codelabs.report import CaseResult, Report
from codelabs.verdict import Verdict
from prepsite import celery_app
from prepsite.accounts.models import User
from tests.codelabs.folders import FILES, make_folder
from tests.codelabs.rows import steps_of
from tests.quizzes.test_reviews_races import at_once

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SOURCE = "def scale(x, factor):\n    return factor * x\n"
told: list[Submission] = []


def hear(submission: Submission) -> dict[str, Any]:
    """Stands in for the bridge."""
    told.append(submission)
    return {}


@pytest.fixture
def lab(db: None, tmp_path: Path) -> Lab:
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    return Lab.objects.get()


@pytest.fixture(autouse=True)
def _bridge(settings: Any) -> Iterator[None]:
    settings.ON_LAB_VERDICT = f"{__name__}.hear"
    told.clear()
    yield
    told.clear()


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every call of the grader, which finds one known mistake without a sandbox."""
    calls: list[dict[str, Any]] = []

    def find(lab: Any, source: str, kind: str, *, seed: int, scratch: str, sitting: Any = None) -> Steps:
        calls.append({"lab": lab, "source": source, "kind": kind, "seed": seed})
        case = CaseResult("small", "why", True, Verdict.FAILED)
        return steps_of(Report.of(lab.slug, (case,), diagnosis=Wrong("wrong/adds.py", "adds", "Says.", "Why.")))

    monkeypatch.setattr(tasks, "grade_steps", find)
    return calls


def test_a_submission_is_kept_graded_once_it_is_stored_and_the_bridge_is_told(
    alice: User, lab: Lab, graded: list[Any], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        submission = submitting.accept(alice, lab, SOURCE, "submit", AT)
    assert (submission.status, submission.lab_version, submission.user) == ("queued", 1, alice)
    assert graded == []
    callbacks[0]()
    submission.refresh_from_db()
    assert (submission.status, submission.verdict, submission.misconception) == ("finished", "failed", "adds")
    assert (submission.passed, submission.total) == (0, 1)
    assert submission.result["diagnosis"]["says"] == "Says."
    assert [heard.pk for heard in told] == [submission.pk]
    assert told[0].verdict == "failed"


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_the_answer_is_there_when_accepting_returns(alice: User, lab: Lab, graded: list[Any]) -> None:
    assert submitting.accept(alice, lab, SOURCE, "run", AT).status == "finished"


def test_a_visitor_owns_a_submission_by_the_session(lab: Lab, graded: list[Any]) -> None:
    submission = submitting.accept("session-key", lab, SOURCE, "run", AT)
    assert (submission.user, submission.visitor) == (None, "session-key")


def test_line_ends_of_a_browser_become_those_of_a_file(alice: User, lab: Lab) -> None:
    assert submitting.accept(alice, lab, "x = 1\r\ny = 2\r\n", "run", AT).source == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("source", "kind", "code", "said"),
    [
        ("", "run", "empty", "There is no code to run yet"),
        (" \n\t\n", "submit", "empty", "There is no code to run yet"),
        ("x" * 65_537, "run", "too-long", "64.0 KiB; a lab takes at most 64 KiB"),
        ("é" * 32_769, "run", "too-long", "at most 64 KiB"),
        ("a = 1\nb = '\x00'\n", "run", "nul", "Line 2 holds a NUL character"),
        ("x = '\ud800'", "run", "not-utf8", "not valid UTF-8"),
        (SOURCE, "cheat", "kind", "neither a run nor a submission"),
    ],
)
def test_what_cannot_be_run_is_refused_in_a_sentence_and_not_kept(
    alice: User, lab: Lab, source: str, kind: str, code: str, said: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        submitting.accept(alice, lab, source, kind, AT)
    assert refusal.value.code == code
    assert said in str(refusal.value)
    assert not Submission.objects.exists()


def test_exactly_sixty_four_kibibytes_are_accepted(alice: User, lab: Lab) -> None:
    assert submitting.accept(alice, lab, "#" * 65_536, "run", AT).pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_account", [True, False])
def test_of_eight_attempts_sent_at_once_two_are_in_flight(
    has_account: bool, alice: User, lab: Lab, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(tasks.grade, "delay", lambda pk: None)  # a queue that no worker has come to yet
    owner = alice if has_account else "session-key"
    answers = at_once([lambda: submitting.accept(owner, lab, SOURCE, "run", AT)] * 8)
    assert sum(isinstance(one, Submission) for one in answers) == 2
    assert sum(isinstance(one, submitting.Refused) and one.code == "in-flight" for one in answers) == 6
    assert Submission.objects.count() == 2


def test_a_third_submission_in_flight_waits_and_other_learners_do_not(alice: User, bob: User, lab: Lab) -> None:
    submitting.accept(alice, lab, SOURCE, "run", AT)
    submitting.accept(alice, lab, SOURCE, "submit", AT)
    with pytest.raises(submitting.Refused, match="still being graded"):
        submitting.accept(alice, lab, SOURCE, "run", AT)
    assert submitting.accept(bob, lab, SOURCE, "run", AT).pk
    assert submitting.accept("a-visitor", lab, SOURCE, "run", AT).pk


def test_a_submission_that_was_lost_does_not_block_its_learner_for_good(alice: User, lab: Lab) -> None:
    for _ in range(2):
        submitting.accept(alice, lab, SOURCE, "run", AT)
    assert submitting.accept(alice, lab, SOURCE, "run", AT + timedelta(minutes=16)).pk


def test_a_finished_submission_is_never_graded_again(alice: User, lab: Lab, graded: list[Any]) -> None:
    submission = submitting.accept(alice, lab, SOURCE, "submit", AT)
    for _ in range(3):
        tasks.grade.delay(submission.pk)
    assert len(graded) == 1
    assert len(told) == 1


def test_a_submission_in_other_hands_is_left_alone_until_its_worker_is_given_up(alice: User, lab: Lab) -> None:
    pk = submitting.accept(alice, lab, SOURCE, "submit", AT).pk
    assert Submission.objects.claim(pk, AT) is not None
    assert Submission.objects.claim(pk, AT + timedelta(minutes=1)) is None
    assert Submission.objects.claim(pk, AT + timedelta(minutes=1), redelivered=True) is not None
    assert Submission.objects.claim(pk, AT + timedelta(minutes=20)) is not None


def test_only_the_worker_that_has_it_can_finish_a_submission(alice: User, lab: Lab) -> None:
    pk = submitting.accept(alice, lab, SOURCE, "submit", AT).pk
    slow = Submission.objects.claim(pk, AT)
    quick = Submission.objects.claim(pk, AT + timedelta(minutes=20))
    assert slow is not None
    assert quick is not None
    result = Report(lab.slug, Verdict.PASSED).as_result()
    assert not slow.finish(result, AT)
    assert quick.finish(result, AT)
    assert not quick.finish(result, AT)
    assert Submission.objects.get(pk=pk).verdict == "passed"


def test_quick_cases_are_published_together_and_what_is_held_goes_out_before_a_slow_one(
    alice: User, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "HOLD_BACK", timedelta(minutes=5))
    cases = [CaseResult(name, "why", True, Verdict.PASSED) for name in ("one", "two", "three")]

    def steps(lab: Any, *rest: Any, **more: Any) -> Steps:
        yield Marked(cases[0], 3)
        yield Marked(cases[1], 3)
        yield None
        yield Marked(cases[2], 3)
        return Report.of(lab.slug, tuple(cases))

    monkeypatch.setattr(tasks, "grade_steps", steps)
    submission = submitting.accept(alice, lab, SOURCE, "submit", timezone.now())
    taken = Submission.objects.claim(submission.pk, timezone.now())
    assert taken is not None
    seen = [[case["id"] for case in one.result["cases"]] for one in tasks.grading(taken)]
    assert seen == [["one", "two"], ["one", "two", "three"]], "and once more when it is finished"
    submission.refresh_from_db()
    assert (submission.verdict, submission.passed) == ("passed", 3)


def test_every_grading_has_a_seed_of_its_own(alice: User, lab: Lab, graded: list[Any]) -> None:
    for _ in range(2):
        tasks.grade.delay(submitting.accept(alice, lab, SOURCE, "submit", AT).pk)
    assert graded[0]["seed"] != graded[1]["seed"]


def test_whatever_breaks_the_submission_ends_as_our_fault_with_a_sentence(
    alice: User, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(*args: Any, **kwargs: Any) -> Report:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(tasks, "grade_steps", burst)
    submission = submitting.accept(alice, lab, SOURCE, "submit", AT)
    tasks.grade.delay(submission.pk)
    submission.refresh_from_db()
    assert (submission.status, submission.verdict) == ("finished", "internal")
    assert "does not count against you" in submission.result["message"]
    assert "secret" not in str(submission.result)


def test_a_bridge_that_fails_does_not_take_the_verdict_from_the_learner(
    alice: User, lab: Lab, graded: list[Any], settings: Any
) -> None:
    settings.ON_LAB_VERDICT = "codelabs.there_is_no_such_bridge"
    submission = submitting.accept(alice, lab, SOURCE, "submit", AT)
    tasks.grade.delay(submission.pk)
    submission.refresh_from_db()
    assert submission.verdict == "failed"


def test_a_submission_goes_through_the_sandbox_and_comes_back_with_its_mistake(alice: User, lab: Lab) -> None:
    submission = submitting.accept(alice, lab, FILES["wrong/adds.py"], "submit", AT)
    tasks.grade.delay(submission.pk)
    submission.refresh_from_db()
    assert (submission.verdict, submission.misconception, submission.total) == ("failed", "adds", 4)


def test_a_queue_that_cannot_be_reached_is_our_fault_and_blocks_nobody(
    alice: User,
    lab: Lab,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(celery_app.conf, "task_always_eager", False)
    monkeypatch.setattr(celery_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    celery_app._after_fork()  # forget connections to elsewhere
    try:
        with django_capture_on_commit_callbacks(execute=True):
            submission = submitting.accept(alice, lab, SOURCE, "submit", AT)
    finally:
        monkeypatch.undo()
        celery_app._after_fork()  # forget connections to elsewhere
    submission.refresh_from_db()
    assert (submission.status, submission.verdict) == ("finished", "internal")
    assert submission.result["message"] == submitting.NO_QUEUE
    assert not Submission.objects.for_user(alice).in_flight(AT).exists()


LATE = AT + STALE_AFTER


def test_a_submission_whose_grader_died_ends_once_as_our_fault_and_its_learner_may_go_on(alice: User, lab: Lab) -> None:
    lost = submitting.accept(alice, lab, SOURCE, "submit", AT)
    assert Submission.objects.claim(lost.pk, AT) is not None
    lost.refresh_from_db()
    assert submitting.end_lost(lost, LATE)
    assert not submitting.end_lost(lost, LATE), "whoever else was looking does not end it again"
    lost.refresh_from_db()
    assert not submitting.end_lost(lost, LATE)
    assert (lost.status, lost.verdict, lost.result["message"]) == ("finished", "internal", submitting.LOST)
    assert not Submission.objects.for_user(alice).in_flight(AT).exists()
    assert told == []


def test_a_submission_that_may_be_in_somebodys_hands_is_not_given_up(alice: User, lab: Lab) -> None:
    running = submitting.accept(alice, lab, SOURCE, "submit", AT)
    assert Submission.objects.claim(running.pk, AT) is not None
    running.refresh_from_db()
    assert not submitting.end_lost(running, LATE - timedelta(seconds=1))
    assert Submission.objects.claim(running.pk, LATE, redelivered=True) is not None, "another worker takes it over"
    assert not submitting.end_lost(running, LATE)


def test_what_was_never_begun_is_lost_without_a_queue_and_waits_with_one(alice: User, lab: Lab, settings: Any) -> None:
    waiting = submitting.accept(alice, lab, SOURCE, "submit", AT)
    settings.CELERY_TASK_ALWAYS_EAGER = False
    assert not submitting.end_lost(waiting, LATE)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert submitting.end_lost(waiting, LATE)
