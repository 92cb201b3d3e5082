"""The learner's scratch lines, in the real sandbox."""

from pathlib import Path
from typing import Any

import pytest

from codelabs import content
from codelabs.content import LabData
from codelabs.grading import grade_steps, report_of
from codelabs.scratch import try_out
from tests.codelabs.folders import FILES, make_folder

SOURCE = "import numpy as np\n\n\ndef scale(x, factor):\n    print('scaling')\n    return factor * x\n"


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert found is not None, problems
    return found


def tried(lab: LabData, scratch: str, source: str = SOURCE) -> dict[str, Any]:
    return try_out(lab, source, scratch)


def test_an_expression_is_evaluated_beside_the_code_and_prints_are_kept(lab: LabData) -> None:
    said = tried(lab, "scale(np.arange(3), 2)")
    assert said == {"verdict": "passed", "message": "", "stdout": "scaling\n", "value": "array([0, 2, 4])"}


def test_a_few_lines_run_and_the_value_of_the_last_is_told(lab: LabData) -> None:
    assert tried(lab, "a = 4\nb = scale(a, 2)\nb + 1  # so\n")["value"] == "9"
    assert "value" not in tried(lab, "a = 4")
    assert "value" not in tried(lab, "None")


def test_an_error_is_told_with_the_lines_of_both_files_and_no_others(lab: LabData) -> None:
    said = tried(lab, "a = 1\nscale(np.ones((2, 3)), np.ones((3, 2)))")
    assert said["verdict"] == "error"
    assert said["line"] == 6
    assert 'File "scratch.py", line 2' in said["traceback"]
    assert 'File "submission.py", line 6' in said["traceback"]
    assert "labkit" not in said["traceback"]
    assert "ValueError" in said["traceback"]


def test_lines_that_are_no_python_say_where(lab: LabData) -> None:
    said = tried(lab, "a = 1\nscale(]")
    assert 'File "scratch.py", line 2' in said["traceback"]
    assert "SyntaxError" in said["traceback"]
    assert "line" not in said, "no line of the code itself is to blame"


@pytest.mark.parametrize(
    ("scratch", "verdict"),
    [
        ("while True: pass", "timeout"),
        ("raise SystemExit", "error"),
        ("print('x' * 10**7)", "output"),
        ("open('/etc/passwd').read()", "error"),
        ("raise BaseException('b')", "error"),
        ("1 << (1 << 40)", "memory"),
    ],
)
def test_the_limits_and_walls_of_the_lab_hold_for_them(lab: LabData, scratch: str, verdict: str) -> None:
    assert tried(lab, scratch)["verdict"] in (verdict, "error" if verdict == "memory" else verdict)


def test_code_that_cannot_be_read_in_is_said_to_be_the_reason(lab: LabData) -> None:
    assert tried(lab, "scale(1, 2)", "def scale(:\n") == {
        "verdict": "error",
        "message": "Not run: your code above could not be read in.",
    }


def test_no_case_and_no_answer_is_in_their_box(lab: LabData) -> None:
    modules = "import sys\n[name for name in sys.modules if name in ('cases', 'truth', 'reference')]"
    assert tried(lab, modules)["value"] == "[]"
    files = "import linecache\nsorted(linecache.cache)"
    assert tried(lab, files)["value"] == "['labkit.py', 'labkit/scratch.py', 'scratch.py', 'submission.py']"


def test_a_run_with_scratch_lines_reports_them_and_a_submission_does_not_run_them(lab: LabData) -> None:
    run = report_of(grade_steps(lab, FILES["solution.py"], "run", seed=1, scratch="scale(2, 3)"))
    assert run.as_result()["scratch"]["value"] == "6"
    assert run.verdict == "passed"
    submitted = report_of(grade_steps(lab, FILES["solution.py"], "submit", seed=1, scratch="scale(2, 3)"))
    assert "scratch" not in submitted.as_result()
    assert "scratch" not in run.as_json(), "it is for the page alone"


def test_whatever_the_scratch_lines_do_the_verdict_stays(lab: LabData) -> None:
    run = report_of(grade_steps(lab, FILES["solution.py"], "run", seed=1, scratch="while True: pass"))
    assert (run.verdict, run.scratch["verdict"]) == ("passed", "timeout")
