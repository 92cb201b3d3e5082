"""Room for gradings: bounded, shared fairly, given back, and never all of a web process."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from codelabs import loading, submitting, tasks
from codelabs.grading import Steps
from codelabs.models import Draft, Lab, Submission
from codelabs.report import Report
from codelabs.slots import Slots
from codelabs.verdict import Verdict
from prepsite.accounts.models import User
from tests.codelabs.folders import make_folder
from tests.codelabs.rows import AT, steps_of

SOURCE = "def scale(x, factor):\n    return factor * x\n"
WEB_THREADS = 8
LONG_SECONDS = 60  # for what happens at once, on a machine as busy as it likes


def impatient(number: int) -> Slots:
    return Slots(number, patience_seconds=0.01)


@pytest.fixture
def lab(db: None, tmp_path: Path) -> Lab:
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    return Lab.objects.get()


def test_there_are_as_many_slots_as_said_and_each_is_given_back() -> None:
    slots = impatient(2)
    for _ in range(3):
        with ExitStack() as held:
            assert held.enter_context(slots.slot(visitor=False))
            assert held.enter_context(slots.slot(visitor=False))
            assert not held.enter_context(slots.slot(visitor=False))


def test_a_slot_is_given_back_when_grading_bursts() -> None:
    slots = impatient(1)
    for visitor in (True, False):
        with suppress(RuntimeError), slots.slot(visitor=visitor):
            raise RuntimeError
        with slots.slot(visitor=visitor) as taken:
            assert taken


@pytest.mark.parametrize(("number", "share"), [(1, 1), (2, 1), (3, 2), (8, 2)])
def test_visitors_have_at_most_two_and_leave_one(number: int, share: int) -> None:
    slots = impatient(number)
    with ExitStack() as held:
        taken = [held.enter_context(slots.slot(visitor=True)) for _ in range(number + 2)]
        assert taken == [place < share for place in range(number + 2)]
        if number > 1:
            assert held.enter_context(slots.slot(visitor=False))


def test_who_waits_gets_the_slot_that_becomes_free_and_waiting_is_bounded_too() -> None:
    slots = Slots(1, patience_seconds=LONG_SECONDS)
    waits, got = threading.Event(), threading.Event()

    def wait() -> None:
        waits.set()
        with slots.slot(visitor=False) as taken:
            if taken:
                got.set()

    waiting = threading.Thread(target=wait)
    with slots.slot(visitor=False):
        waiting.start()
        assert waits.wait(LONG_SECONDS)
        while slots._waiting.acquire(blocking=False):  # until it stands in the queue
            slots._waiting.release()
        with slots.slot(visitor=False) as second:
            assert not second, "the second to wait is refused at once"
    assert got.wait(LONG_SECONDS)
    waiting.join()


def test_when_all_graders_are_busy_nothing_is_kept_and_a_sentence_says_so(
    alice: User, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "SLOTS", impatient(1))
    with submitting.SLOTS.slot(visitor=False), pytest.raises(submitting.Refused, match="All graders are busy") as said:
        submitting.accept(alice, lab, SOURCE, "submit", AT)
    assert said.value.code == "busy"
    assert not Submission.objects.exists()
    assert submitting.accept(alice, lab, SOURCE, "submit", AT).pk


def test_where_workers_grade_this_process_has_room_for_all(
    alice: User, lab: Lab, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(submitting, "SLOTS", impatient(1))
    with submitting.SLOTS.slot(visitor=False):
        assert submitting.accept(alice, lab, SOURCE, "submit", AT).pk


@pytest.fixture
def web() -> Iterator[Callable[[Callable[[], int]], "Future[int]"]]:
    """Hand a request to a web process with eight threads, and get its status when it is answered."""

    def answer(ask: Callable[[], int]) -> int:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(WEB_THREADS) as threads:
        yield lambda ask: threads.submit(answer, ask)


@pytest.mark.django_db(transaction=True)
def test_the_site_answers_while_visitors_and_learners_send_endless_code(
    lab: Lab,
    alice: User,
    sign_in: Callable[[User], Client],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    web: Callable[[Callable[[], int]], "Future[int]"],
) -> None:
    settings.TRIAL_LAB = lab.slug
    settings.ACCOUNT_RATE_LIMITS = {"try_lab": "100/m/ip"}
    monkeypatch.setattr(submitting, "SLOTS", Slots(WEB_THREADS // 2))
    go_on = threading.Event()

    def endless(lab: Any, source: str, kind: str, *, seed: int, scratch: str, sitting: Any = None) -> Steps:
        assert go_on.wait(LONG_SECONDS * 2)
        return steps_of(Report(lab.slug, Verdict.TIMEOUT))

    monkeypatch.setattr(tasks, "grade_steps", endless)

    def send(client: Client) -> int:
        return client.post(f"{lab.get_absolute_url()}submit/", {"source": SOURCE, "kind": "submit"}).status_code

    # Every visitor drops the cookie and is a new one; the learner is one person in sixteen tabs.
    learner = [sign_in(alice) for _ in range(16)]
    sent = [web(lambda: send(Client())) for _ in range(16)]
    sent += [web(lambda client=client: send(client)) for client in learner]  # type: ignore[misc]
    try:
        assert web(lambda: Client().get("/healthz").status_code).result(LONG_SECONDS) == 200
        assert Submission.objects.filter(user=None).count() == 2
        assert Submission.objects.filter(user=alice).count() <= 2
        assert Draft.objects.get().source == SOURCE
    finally:
        go_on.set()
    answers = [future.result(LONG_SECONDS) for future in sent]
    assert set(answers) == {302, 429}
    assert answers[:16].count(302) == 2
    assert answers.count(302) == Submission.objects.filter(verdict="timeout").count()
