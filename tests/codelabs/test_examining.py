"""The learner's box: what is rehearsed in it before anybody's code comes, and what it is asked ahead."""

from pathlib import Path

import pytest

from codelabs import content
from codelabs.content import LabData
from codelabs.examining import Examinee, motions
from codelabs.paper import labkit, set_paper
from codelabs.sandbox import Outcome, pool
from tests.codelabs.folders import make_folder

DEADLY = """
import ctypes

def scale(x, factor):
    if x.shape[0] == 1:
        ctypes.string_at(0)
    return factor * x
"""


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    make_folder(tmp_path)
    found, problems = content.read(next(path for path in tmp_path.iterdir() if path.is_dir()))
    assert found is not None, problems
    return found


@pytest.mark.parametrize("runtime", ["numpy", pytest.param("torch", marks=pytest.mark.torch)])
def test_the_script_that_a_seat_rehearses_can_be_performed(runtime: str) -> None:
    with pool().box(runtime) as box:
        for name in ("labkit", "labkit.perform"):
            assert box.load(name, labkit(name)).outcome is Outcome.OK
        answer = box.call("labkit.perform:perform", motions(runtime), return_arguments=True)
    assert answer.outcome is Outcome.OK
    assert len(answer.value) == 3


def test_a_case_that_kills_its_box_costs_nothing_of_the_one_asked_ahead(lab: LabData) -> None:
    questions = set_paper(lab, 1).questions
    rows = next(question for question in questions if question.args[0].shape[0] == 1)
    other = next(question for question in questions if question.args[0].shape[0] > 1)
    with Examinee(lab, DEADLY) as examinee:
        assert examinee.ask(other, rows).outcome is Outcome.OK  # type: ignore[union-attr]
        assert examinee.ask(rows, other).outcome is not Outcome.OK  # type: ignore[union-attr]
        assert examinee.ask(other).outcome is Outcome.OK  # type: ignore[union-attr]
