"""Every limit of lab.toml reaches the box, and whoever passes one reads which, in a sentence of its own."""

import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from codelabs import content
from codelabs.content import LabData
from codelabs.content.lab import LIMIT_BOUNDS
from codelabs.grading import SUBMIT, grade_source
from codelabs.sandbox import Limits
from codelabs.verdict import Verdict
from tests.codelabs.folders import FILES, make_folder

DOCS = Path(__file__).parents[2] / "docs" / "content.md"
PARALLEL = """
import time
from concurrent.futures import ThreadPoolExecutor


def scale(x, factor):
    with ThreadPoolExecutor({threads}) as pool:
        return x.__class__(x.shape, x.dtype, b"".join(pool.map(lambda row: (factor * row).tobytes(), x)))
"""
MANY = "[threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(3)]; time.sleep(60)"
BUSY = """
import threading
import time


def scale(x, factor):
    def spin():
        end = time.thread_time() + 0.45
        while time.thread_time() < end:
            pass
    threads = [threading.Thread(target=spin) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return factor * x
"""


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    return replace(found, banned=())


def body(code: str) -> str:
    return f"import time\nimport threading\nimport numpy as np\n\n\ndef scale(x, factor):\n    {code}\n"


@pytest.mark.parametrize(
    ("name", "value", "code", "verdict", "says"),
    [
        ("cpu_seconds", 1, "\n    while True: pass", Verdict.TIMEOUT, "more than 1 s of processor time"),
        ("wall_seconds", 1, "time.sleep(60)", Verdict.TIMEOUT, "No answer came within 1 s"),
        ("memory_mb", 50, "return np.ones(10**9)", Verdict.MEMORY, "more than 50 MB of memory"),
        ("output_bytes", 2_000, "print('x' * 3000)", Verdict.OUTPUT, "printed more than 2000 bytes"),
        ("answer_bytes", 3_000, "return np.ones(1000)", Verdict.OUTPUT, "larger than 3000 bytes"),
        ("answer_bytes", 3_000, "return [1.25] * 2000", Verdict.OUTPUT, "return an array instead"),
        ("answer_arrays", 5, "return [x] * 6", Verdict.OUTPUT, "more than 5 arrays"),
        ("answer_depth", 3, "return [[[[[1]]]]]", Verdict.OUTPUT, "nested more than 3 levels deep"),
        ("threads", 0, "threading.Thread(target=print).start()", Verdict.FORBIDDEN, "grants no threads"),
        ("threads", 1, MANY, Verdict.FORBIDDEN, "grants 1 thread beside"),
    ],
)
def test_each_limit_has_its_verdict_and_its_sentence(
    lab: LabData, name: str, value: int, code: str, verdict: Verdict, says: str
) -> None:
    limited = replace(lab, limits={"cpu_seconds": 20, "wall_seconds": 60, name: value})
    case = grade_source(limited, body(code), "run", seed=3).cases[0]
    assert (case.verdict, case.limit) == (verdict, name)
    assert says in case.message
    assert case.as_json()["limit"] == name


def test_a_lab_that_grants_threads_is_solved_and_proved_with_them(lab: LabData) -> None:
    parallel = PARALLEL.format(threads=3)
    granted = replace(lab, limits={"threads": 3}, files={**lab.files, "solution.py": parallel, "oracle.py": parallel})
    report = grade_source(granted, parallel, SUBMIT, seed=5)
    assert report.verdict is Verdict.PASSED, report
    assert grade_source(granted, FILES["wrong/adds.py"], SUBMIT, seed=5).diagnosis is not None


def test_processor_time_of_all_threads_counts(lab: LabData) -> None:
    case = grade_source(replace(lab, limits={"cpu_seconds": 1, "threads": 3}), BUSY, "run", seed=5).cases[0]
    assert case.limit == "cpu_seconds"
    enough = grade_source(replace(lab, limits={"cpu_seconds": 10, "threads": 3}), BUSY, "run", seed=5).cases[0]
    assert enough.verdict is Verdict.PASSED
    assert enough.cpu_seconds > 1.3


def test_the_page_for_authors_tells_every_limit_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: (int(default), (int(low), int(high))) for name, default, low, high in rows}
    assert told == {name: (default, LIMIT_BOUNDS[name]) for name, default in asdict(Limits()).items()}
