"""The learner's box: what is rehearsed in it before anybody's code comes, and what it is asked ahead."""

from pathlib import Path

import numpy as np
import pytest

from codelabs import content
from codelabs.content import LabData
from codelabs.examining import Examinee, motions, packed
from codelabs.labkit.script import Script, written
from codelabs.paper import labkit, set_paper
from codelabs.sandbox import Call, Heard, Outcome, Tensor, pool
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
        first = examinee.hear(other, rows)
        assert isinstance(first, Heard)
        assert examinee.hear(rows, other).outcome is not Outcome.OK  # type: ignore[union-attr]
        assert examinee.ask(other).outcome is Outcome.OK  # type: ignore[union-attr]
        assert examinee.read(first).outcome is Outcome.OK, "what was heard before can still be read"


LYING = """
import io
import struct

def scale(x, factor):
    if x.shape[0] == 1:
        said = b'[1, "ok", null, true, true, null]'  # with a number that no question has
        io.FileIO(3, "w", closefd=False).write(struct.pack("!4sIQ", b"box1", len(said), 0) + said)
        while True:
            pass
    return factor * x
"""


def test_a_lie_that_is_read_late_ends_its_box_and_spoils_no_answer_before_it(lab: LabData) -> None:
    questions = set_paper(lab, 1).questions
    rows = next(question for question in questions if question.args[0].shape[0] == 1)
    other = next(question for question in questions if question.args[0].shape[0] > 1)
    with Examinee(lab, LYING) as examinee:
        heard = [examinee.hear(other, rows), examinee.hear(rows)]
        box = examinee._box
        assert box is not None
        assert box.alive
        assert [examinee.read(one).outcome for one in heard if isinstance(one, Heard)] == [
            Outcome.OK,
            Outcome.MALFORMED,
        ]
        assert not box.alive
        assert examinee.ask(other).outcome is Outcome.OK  # type: ignore[union-attr]
        box.close()
        assert heard[1].read().outcome is Outcome.MALFORMED, "and kills nobody else"  # type: ignore[union-attr]


def test_a_question_packed_ahead_is_put_once_and_asked_again_with_another_number(lab: LabData) -> None:
    """Code that kept the number of a call could else answer the same call before it is asked."""
    question = set_paper(lab, 1).questions[0]
    ready = packed(question)
    with Examinee(lab, "def scale(x, factor):\n    return factor * x\n", calls={question.id: ready}) as examinee:
        first, again = examinee._call(question), examinee._call(question)
        assert first is ready
        assert isinstance(first, Call)
        assert isinstance(again, Call)
        assert first.nonce != again.nonce
        assert examinee.ask(question).outcome is Outcome.OK  # type: ignore[union-attr]


@pytest.mark.parametrize("runtime", ["numpy", pytest.param("torch", marks=pytest.mark.torch)])
def test_what_a_script_lets_be_changed_comes_back_as_it_was_sent(runtime: str) -> None:
    value = Tensor(np.ones(3), "float64", True) if runtime == "torch" else np.ones(3)
    do = Script()
    handed = do.value(value)
    do.call("double", handed)
    do.see(handed)
    double = "def double(x):\n    x = x.detach() if hasattr(x, 'detach') else x\n    x *= 2\n"
    with pool().box(runtime) as box:
        for name, source in (
            ("labkit", labkit("labkit")),
            ("labkit.perform", labkit("labkit.perform")),
            ("submission", double),
        ):
            assert box.load(name, source).outcome is Outcome.OK
        text, values, _ = written(do.steps)
        steps = ("submission", text, values)
        answer = box.call("labkit.perform:perform", steps, return_arguments=True)
    assert answer.outcome is Outcome.OK, answer.error
    assert answer.arguments is steps, "told in one word, as it is not changed"
    seen = answer.value[-1]["value"]
    assert np.array_equal(seen.array if runtime == "torch" else seen, 2 * np.ones(3))
