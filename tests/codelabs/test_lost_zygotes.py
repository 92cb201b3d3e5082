"""Grading goes on when the zygote does not: no submission is lost, and what cannot be helped is told as our fault."""

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from codelabs import content, sitting
from codelabs.content import LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.report import Report
from codelabs.sandbox import Pool
from codelabs.sandbox import pool as pool_of_this_process
from codelabs.sandbox.keeper import Keeper
from codelabs.verdict import Verdict
from tests.codelabs.folders import FILES, make_folder

SLOW = "import time\n\n\ndef scale(x, factor):\n    time.sleep(0.3)\n    return factor * x\n"


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    return found


@pytest.fixture
def keeper() -> Keeper:
    """The zygote that grades just now, which a test may maltreat; the next test gets another."""
    return pool_of_this_process().keeper("numpy")


def graded_while(lab: LabData, harm: threading.Thread, source: str = SLOW) -> Report:
    prepared = sitting.prepare(lab, 3)
    harm.start()
    report = grade_source(lab, source, SUBMIT, seed=3, sitting=prepared)
    harm.join()
    return report


def test_a_zygote_killed_in_the_middle_of_a_grading_loses_nothing(lab: LabData, keeper: Keeper) -> None:
    def kill() -> None:
        time.sleep(0.4)
        os.kill(keeper.pid, signal.SIGKILL)

    report = graded_while(lab, threading.Thread(target=kill))
    assert (report.verdict, report.passed) == (Verdict.PASSED, 4)
    assert pool_of_this_process().keeper("numpy").pid != keeper.pid


def test_a_zygote_that_hangs_in_the_middle_of_a_grading_loses_nothing(lab: LabData, keeper: Keeper) -> None:
    def stop() -> None:
        time.sleep(0.4)
        keeper.control.settimeout(0.3)
        os.kill(keeper.pid, signal.SIGSTOP)

    report = graded_while(lab, threading.Thread(target=stop))
    assert (report.verdict, report.passed) == (Verdict.PASSED, 4)


def test_what_breaks_again_and_again_is_our_fault(lab: LabData) -> None:
    going_on = threading.Event()

    def kill_every_zygote() -> None:
        while not going_on.wait(0.02):
            for each in list(pool_of_this_process()._keepers.values()):
                if each.pid:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(each.pid, signal.SIGKILL)

    harm = threading.Thread(target=kill_every_zygote)
    harm.start()
    try:
        report = grade_source(lab, SLOW, SUBMIT, seed=3)
    finally:
        going_on.set()
        harm.join()
    assert report.verdict is Verdict.INTERNAL
    assert report.message
    assert grade_source(lab, FILES["solution.py"], SUBMIT, seed=4).verdict is Verdict.PASSED


def test_a_zygote_that_is_larger_than_it_may_be_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured as it is; the bound is lowered below what it holds, since a test cannot make it leak."""
    monkeypatch.setattr(sys.modules["codelabs.sandbox.pool"], "BOXES_BETWEEN_CHECKS", 1)
    monkeypatch.setattr("codelabs.sandbox.keeper.GROWN_MB", -1)
    pool = Pool()
    try:
        first = pool.keeper("numpy")
        with pool.box("numpy") as box:
            assert box.load("submission", "x = 1").outcome == "ok"
        assert pool.keeper("numpy").pid != first.pid
    finally:
        pool.close()
