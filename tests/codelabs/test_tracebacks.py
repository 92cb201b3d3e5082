"""What an exception says to the learner: their own frames, and a name that their file lacks in words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from codelabs import content, tracebacks
from codelabs.content import LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.report import CaseResult
from codelabs.sandbox import Raised
from tests.codelabs.folders import make_folder

HEAD = "Traceback (most recent call last):\n"
OURS = '  File "labkit/perform.py", line 62, in play\n    result = what(*args)\n             ^^^^^^^^^^^\n'
THEIRS = '  File "submission.py", line 2, in walk\n    return 1 / 0\n           ~~^~~\n'
CASES = """\
from labkit.cases import case
from labkit.script import Script


def cases(rng):
    do = Script()
    walker = do.let("Walker", 3)
    do.call(walker.walk)
    yield case("walk", why="A step.", visible=True, script=do)
"""
RIGHT = """\
class Walker:
    def __init__(self, start):
        self.at = start

    def walk(self):
        self.at += 1
        return self.at
"""


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    """A lab whose one case is a script."""
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    files = {**found.files, "cases.py": CASES, "solution.py": RIGHT, "oracle.py": RIGHT}
    return replace(found, banned=(), wrong=(), entry="Walker", files=files)


def graded(lab: LabData, source: str) -> CaseResult:
    report = grade_source(lab, source, SUBMIT, seed=3)
    assert report.reason == ""
    return report.cases[0]


def raised(text: str, kind: str = "ZeroDivisionError") -> Raised:
    return Raised(kind, "", (), text)


def test_frames_of_what_performs_a_script_are_left_out() -> None:
    last = "ZeroDivisionError: division by zero\n"
    assert tracebacks.told(raised(HEAD + OURS + THEIRS + last), "submission", "").text == HEAD + THEIRS + last


def test_a_heading_without_a_frame_goes_with_its_frames_and_those_of_a_chain_stay() -> None:
    chain = "\nDuring handling of the above exception, another exception occurred:\n\n"
    text = HEAD + THEIRS + "KeyError: 1\n" + chain + HEAD + OURS + "TypeError: two\nlines\n"
    said = tracebacks.told(raised(text), "submission", "").text
    assert said == HEAD + THEIRS + "KeyError: 1\n" + chain + "TypeError: two\nlines\n"


def test_a_script_that_stops_shows_the_lines_of_the_learner_alone(lab: LabData) -> None:
    case = graded(lab, RIGHT.replace("self.at += 1", "self.at = self.at / 0"))
    said = case.as_json()
    assert said["line"] == 6
    assert re.findall(r'File "([^"]+)", line (\d+)', said["traceback"]) == [("submission.py", "6")]
    assert said["traceback"].startswith(HEAD)
    assert said["traceback"].rstrip().endswith("ZeroDivisionError: division by zero")


def test_a_missing_name_is_said_in_words_with_those_that_are_there(lab: LabData) -> None:
    case = graded(lab, RIGHT.replace("class Walker", "def helper():\n    pass\n\n\nclass Runner"))
    said = (
        "AttributeError: this lab calls Walker, and your code has no function or class of that name at its top level. "
        "It defines helper, Runner."
    )
    assert case.message == said
    assert case.as_json()["traceback"] == said + "\n"


def test_a_missing_function_is_said_so_where_it_is_called_directly(tmp_path: Path) -> None:
    lab, _ = content.read(make_folder(tmp_path))
    assert lab is not None
    message = graded(lab, "import numpy as np\n").message
    assert "this lab calls scale, and your code has no function or class of that name" in message
    assert "defines" not in message


def test_an_attribute_that_the_learners_own_code_lacks_keeps_pythons_words(lab: LabData) -> None:
    said = graded(lab, RIGHT.replace("self.at += 1", "import submission; submission.walk")).as_json()
    assert "has no attribute 'walk'" in said["message"]
    assert "line 6" in said["traceback"]


def test_many_names_are_cut_short() -> None:
    source = "".join(f"def f{number}():\n    pass\n" for number in range(9))
    problem = Raised("AttributeError", "module 'submission' has no attribute 'g'", (), "…")
    assert tracebacks.told(problem, "submission", source).message.endswith("It defines f0, f1, f2, f3, f4, ….")
