"""A worker that dies mid-way costs time alone: the verdict comes from another."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client

from codelabs import loading
from codelabs.models import Lab, Submission
from tests.codelabs.folders import make_folder
from tests.scale.conftest import eventually, graders_of, kill_worker, start_worker, stop_worker

pytestmark = pytest.mark.django_db(transaction=True)
VERDICT_SECONDS = 120
GRADING_SECONDS = 20
# Long enough to be killed in, and right; the lab allows four seconds.
SLOW = "import time\ntime.sleep(3)\n\n\ndef scale(x, factor):\n    return factor * x\n"


@pytest.fixture
def lab(transactional_db: None, tmp_path: Path) -> Lab:
    """A small lab that needs no torch, so that its grading takes seconds."""
    make_folder(tmp_path / "labs")
    assert loading.load_labs(tmp_path / "labs") == []
    return Lab.objects.get()


def begun(client: Client, lab: Lab) -> Submission:
    """A submission that a worker has just begun to grade."""
    client.post(f"{lab.get_absolute_url()}submit/", {"source": SLOW, "kind": "submit"})
    eventually(lambda: Submission.objects.filter(status="running").exists(), VERDICT_SECONDS)
    return Submission.objects.get()


def is_finished() -> bool:
    return Submission.objects.filter(status="finished").exists()


def test_when_a_whole_worker_dies_another_one_grades_what_it_had(as_alice: Client, lab: Lab, tmp_path: Path) -> None:
    first = start_worker(tmp_path / "first", GRADING_SECONDS=str(GRADING_SECONDS))
    try:
        lost = begun(as_alice, lab)
    finally:
        kill_worker(first)
    assert Submission.objects.get().status == "running"
    time.sleep(GRADING_SECONDS)  # a queue gives up a worker by the clock alone
    second = start_worker(tmp_path / "second", keep_queue=True, GRADING_SECONDS=str(GRADING_SECONDS))
    try:
        eventually(is_finished, VERDICT_SECONDS)
    finally:
        stop_worker(second)
    found = Submission.objects.get()
    assert (found.verdict, found.passed) == ("passed", found.total)
    assert found.started_at is not None
    assert lost.started_at is not None
    assert found.started_at > lost.started_at


def test_when_one_process_of_a_worker_dies_the_submission_is_graded_at_once(
    as_alice: Client, lab: Lab, tmp_path: Path
) -> None:
    worker = start_worker(tmp_path / "log")
    try:
        begun(as_alice, lab)
        for pid in graders_of(worker):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        eventually(is_finished, VERDICT_SECONDS)
    finally:
        stop_worker(worker)
    assert Submission.objects.get().verdict == "passed"
