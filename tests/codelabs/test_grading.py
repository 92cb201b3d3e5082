"""Grading through the sandbox itself: what learners are told, and what they are never told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codelabs import content, examining, paper
from codelabs.content import LabData
from codelabs.grading import RUN, SUBMIT, grade_source
from codelabs.report import CaseResult, Report
from codelabs.sandbox import Answer, Outcome, Tensor, Unavailable, pool
from codelabs.showing import CUT, SHOWN, ending, text_of
from codelabs.verdict import Verdict
from tests.codelabs.folders import FILES, make_folder

LABS = Path(__file__).parents[2] / "fixtures" / "labs"


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    return found


def load(slug: str) -> LabData:
    found, problems = content.read(LABS / slug)
    assert problems == []
    assert found is not None
    return found


def graded(lab: LabData, source: str, kind: str = SUBMIT, seed: int = 7) -> Report:
    return grade_source(lab, source, kind, seed=seed)


def case_of(report: Report, name: str) -> CaseResult:
    return next(case for case in report.cases if case.id == name)


def body(code: str) -> str:
    return f"import numpy as np\n\n\ndef scale(x, factor):\n    {code}\n"


def test_a_right_answer_passes_every_case_and_its_resources_are_counted(lab: LabData) -> None:
    report = graded(lab, FILES["solution.py"])
    assert report.verdict is Verdict.PASSED
    assert report.passed == len(report.cases) == 4
    assert report.diagnosis is None
    assert report.cpu_seconds > 0
    assert report.seconds > 0
    assert all(case.reference_cpu_seconds > 0 for case in report.cases)


def test_style_is_never_judged(lab: LabData) -> None:
    assert graded(lab, FILES["alternative.py"]).verdict is Verdict.PASSED


def test_run_grades_the_visible_cases_alone_and_names_no_mistake(lab: LabData) -> None:
    report = graded(lab, FILES["wrong/adds.py"], RUN)
    assert [case.id for case in report.cases] == ["small"]
    assert report.verdict is Verdict.FAILED
    assert report.diagnosis is None


@pytest.mark.parametrize(
    ("file", "misconception"),
    [
        ("wrong/adds.py", "adds"),
        ("wrong/in_place.py", "in-place"),
        ("wrong/raises.py", "raises-on-small"),
        ("wrong/negative.py", "negative"),
    ],
)
def test_a_known_mistake_is_refused_and_named(lab: LabData, file: str, misconception: str) -> None:
    report = graded(lab, FILES[file])
    assert report.verdict is not Verdict.PASSED
    assert report.diagnosis is not None
    assert report.diagnosis.misconception == misconception


def test_a_known_mistake_is_recognised_in_other_words(lab: LabData) -> None:
    report = graded(lab, body("return np.add(np.full(x.shape, factor, dtype=x.dtype), x)"))
    assert report.diagnosis is not None
    assert report.diagnosis.misconception == "adds"


def test_an_unknown_mistake_is_not_given_a_name(lab: LabData) -> None:
    report = graded(lab, body("return factor * x + 0.001"))
    assert report.verdict is Verdict.FAILED
    assert report.diagnosis is None


def test_a_visible_case_shows_input_expected_and_actual_and_a_picture(lab: LabData) -> None:
    shown = case_of(graded(lab, body("print('hello'); return factor * x + 1")), "small").as_json()
    assert [item["name"] for item in shown["inputs"]] == ["x", "factor"]
    assert shown["stdout"].strip() == "hello"
    assert shown["expected"].startswith("[[")
    assert shown["actual"] != shown["expected"]
    assert shown["kind"] == "values"
    assert len(shown["picture"]) == 2
    assert "6 of 6 values differ" in shown["message"]


def test_a_hidden_case_tells_its_reason_and_the_kind_of_difference_and_never_a_value(lab: LabData) -> None:
    leaks = body("print('seen', x, factor); return x - factor")
    hidden = [case.as_json() for case in graded(lab, leaks).cases if not case.visible]
    assert {case["message"] for case in hidden} == {"The values are not the expected ones."}
    for case in hidden:
        assert set(case) == {
            "id", "visible", "verdict", "message", "why", "kind", "cpu_seconds", "reference_cpu_seconds",
        }  # fmt: skip


def test_what_is_printed_while_loading_stands_before_the_prints_of_the_first_visible_case(lab: LabData) -> None:
    source = "print('loading')\n\n\ndef scale(x, factor):\n    print('answering')\n    return factor * x\n"
    report = graded(lab, source)
    assert case_of(report, "small").as_json()["stdout"].split() == ["loading", "answering"]
    assert all("stdout" not in case.as_json() for case in report.cases if not case.visible)


def test_prints_that_are_cut_say_so_and_those_of_the_whole_file_come_first(lab: LabData) -> None:
    source = "print('loading')\n\n\ndef scale(x, factor):\n    print('x' * 3000)\n    return factor * x\n"
    said = case_of(graded(lab, source), "small").as_json()["stdout"]
    assert said.startswith("loading\nxxx")
    assert said.endswith("x" + CUT)
    assert said.count(CUT) == 1
    short = case_of(graded(lab, source.replace("3000", "3")), "small").as_json()["stdout"]
    assert short == "loading\nxxx\n"


def test_an_endless_loop_is_not_waited_for_in_every_case(lab: LabData) -> None:
    quick = replace(lab, limits={**lab.limits, "cpu_seconds": 1})
    report = graded(quick, body("while True: pass"))
    assert [case.verdict for case in report.cases] == [Verdict.TIMEOUT] * 4
    assert [case.message.startswith("Not run") for case in report.cases] == [False, False, True, True]
    assert report.cpu_seconds < 3


def test_a_long_traceback_keeps_its_end_and_begins_with_a_whole_line() -> None:
    text = "".join(f"line {number}\n" for number in range(1_000))
    said = ending(text)
    assert said.startswith("…\nline ")
    assert said.endswith("line 999\n")
    assert len(said) <= SHOWN + 2
    assert set(said.splitlines()[1:]) <= set(text.splitlines())
    assert ending("short\n") == "short\n"


def test_a_nul_character_in_a_message_does_not_reach_the_database(lab: LabData) -> None:
    said = case_of(graded(lab, body("raise ValueError('a' + chr(0) + 'b')")), "small").as_json()
    assert "\x00" not in str(list(said.values()))
    assert "\0" not in said["message"] + said["traceback"]


def test_a_line_that_the_file_does_not_have_is_not_told(lab: LabData) -> None:
    """It would be a number of the code's own choice: the input of a hidden case."""
    source = (
        "def refuse():\n    raise ValueError\n\n\n"
        "def scale(x, factor):\n    code = refuse.__code__.replace(co_firstlineno=int(1000 * abs(x.sum())) + 50)\n"
        "    return type(refuse)(code, {})()\n"
    )
    hidden = case_of(graded(lab, source), "one-row")
    assert hidden.message == "ValueError was raised on line 7."
    assert hidden.line == 7


def test_an_exception_cannot_carry_a_hidden_input_out(lab: LabData) -> None:
    report = graded(lab, body("raise type(f'Seen{abs(x).sum():.0f}', (Exception,), {})(str(x))"))
    visible, hidden = case_of(report, "small"), case_of(report, "one-row")
    assert visible.verdict is hidden.verdict is Verdict.ERROR
    assert visible.message.startswith("Seen")
    assert hidden.message == "An exception of its own was raised on line 5."
    assert visible.line == hidden.line == 5
    assert "traceback" in visible.as_json()
    assert "traceback" not in hidden.as_json()


def test_a_hidden_exception_has_no_more_names_than_exceptions_have(lab: LabData) -> None:
    kind = "class memoryview(Exception):\n    pass\n"
    report = graded(lab, f"{kind}\n\n{body('raise memoryview()')}")
    hidden = [case.message for case in report.cases if not case.visible]
    assert hidden
    assert all("An exception of its own was raised" in message for message in hidden)


def test_no_visible_case_is_left_to_show_what_code_remembers_of_a_hidden_one(tmp_path: Path) -> None:
    early = 'yield case("early", why="Hidden, and given first.", args=(np.full((2, 2), 1.25), 2.0))'
    cases = FILES["cases.py"].replace("    yield", f"    {early}\n    yield", 1)
    lab, problems = content.read(make_folder(tmp_path, cases_py=f"import numpy as np\n{cases}"))
    assert problems == []
    assert lab is not None
    report = graded(
        lab, "SEEN = []\n\n\ndef scale(x, factor):\n    print(SEEN)\n    SEEN.append(x)\n    return 0 * x\n"
    )
    assert [case.id for case in report.cases] == ["small", "early", "three-rows", "one-row", "float32"]
    assert report.cases[0].shown["stdout"] == "[]\n"


def test_a_syntax_error_is_one_sentence_with_its_line_in_every_case(lab: LabData) -> None:
    report = graded(lab, "def scale(x, factor):\n    return x *\n")
    assert report.verdict is Verdict.ERROR
    assert report.passed == 0
    assert len(report.cases) == 4
    assert "SyntaxError" in case_of(report, "small").message


def test_a_missing_entry_point_is_an_error_that_names_it(lab: LabData) -> None:
    report = graded(lab, "def scael(x, factor):\n    return x\n")
    assert report.verdict is Verdict.ERROR
    assert "scale" in case_of(report, "small").message


def test_a_banned_name_is_forbidden_with_its_line_and_nothing_is_run(lab: LabData) -> None:
    report = graded(lab, "import numpy as n\n\n\ndef scale(x, factor):\n    return n.multiply(x, factor)\n")
    assert report.verdict is Verdict.FORBIDDEN
    assert report.passed == 0
    assert report.cases[0].message.startswith("Line 5 uses numpy.multiply, which this lab does not allow")
    assert report.cases[0].line == 5


def test_a_banned_function_reached_by_a_trick_is_forbidden_when_it_is_called(lab: LabData) -> None:
    report = graded(lab, body("return getattr(np, 'multi' + 'ply')(x, factor)"))
    assert report.verdict is Verdict.FORBIDDEN


@pytest.mark.parametrize(
    "again",
    [
        "importlib.reload(old)",
        "[sys.modules.pop(name, None), importlib.import_module(name)][1]",
        "importlib.util.spec_from_file_location('x', old.__file__).loader.get_code('x')",
        "io.open_code(old.__file__).read()",
        "open(os.fsencode(os.path.dirname(old.__file__) + '/../lib/scimath.py')).read()",
    ],
)
def test_a_banned_module_is_not_read_in_once_more(lab: LabData, again: str) -> None:
    source = "import importlib.util, io, os, sys\n" + body(
        "name = 'numpy.lib.' + 'sci' + 'math'\n    old = sys.modules.get(name)\n    raise Exception(str(" + again + "))"
    )
    assert graded(replace(lab, banned=()), source).cases[0].message.startswith("Exception on line 8: ")
    report = graded(replace(lab, banned=("numpy.lib.scimath",)), source)
    assert {case.verdict for case in report.cases} == {Verdict.FORBIDDEN}


def test_a_crash_costs_its_own_case_and_the_rest_are_graded(lab: LabData) -> None:
    report = graded(lab, body("exit() if len(x) == 3 else None; return factor * x"))
    assert case_of(report, "three-rows").verdict is Verdict.ERROR
    assert report.passed == 3


def test_a_hang_costs_its_own_case_and_the_rest_are_graded(lab: LabData) -> None:
    patient = replace(lab, limits={"cpu_seconds": 1, "wall_seconds": 60})
    report = graded(patient, body("\n    while len(x) == 3: pass\n    return factor * x"))
    assert case_of(report, "three-rows").verdict is Verdict.TIMEOUT
    assert "1 s of processor time" in case_of(report, "three-rows").message
    assert report.passed == 3


def test_a_submission_that_always_hangs_is_stopped_before_it_has_had_every_case(
    lab: LabData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "PATIENCE", 0.5)
    report = graded(replace(lab, limits={"cpu_seconds": 1, "wall_seconds": 2}), body("\n    while True: pass"))
    assert report.verdict is Verdict.TIMEOUT
    assert not report.cases[0].message.startswith("Not run")
    assert report.cases[-1].message.startswith("Not run")


def test_a_learner_may_not_change_the_arguments(lab: LabData) -> None:
    case = case_of(graded(lab, FILES["wrong/in_place.py"]), "small")
    assert case.verdict is Verdict.FAILED
    assert "`x`" in case.message


def test_nor_those_that_are_given_by_keyword(tmp_path: Path) -> None:
    cases = FILES["cases.py"].replace("args=(states(rng, 2, 3), 2.5)", 'kwargs={"x": states(rng, 2, 3), "factor": 2.5}')
    lab, problems = content.read(make_folder(tmp_path, cases_py=cases))
    assert lab is not None, problems
    assert graded(lab, FILES["solution.py"]).verdict is Verdict.PASSED
    case = case_of(graded(lab, FILES["wrong/in_place.py"]), "small")
    assert case.verdict is Verdict.FAILED
    assert "changed its argument `x`" in case.message


def test_an_answer_that_cannot_be_sent_is_an_error(lab: LabData) -> None:
    report = graded(lab, body("return lambda: x"))
    assert report.verdict is Verdict.ERROR
    assert case_of(report, "small").message.endswith("This was a value of type function.")
    assert "function" not in case_of(report, "one-row").message


def test_every_submission_gets_other_inputs(lab: LabData) -> None:
    first, second = (paper.set_paper(lab, seed).questions[0] for seed in (1, 2))
    assert not np.array_equal(first.args[0], second.args[0])
    again = paper.set_paper(lab, 1).questions[0]
    assert np.array_equal(first.args[0], again.args[0])


def test_the_learners_box_holds_nothing_of_the_reference(lab: LabData) -> None:
    spying = (
        "import gc, sys\n\n\ndef scale(x, factor):\n"
        "    names = sorted(name for name in sys.modules if name in ('cases', 'truth', 'reference', 'labkit.paper'))\n"
        "    texts = [o for o in gc.get_objects() if isinstance(o, dict) and 'expected' in o]\n"
        "    return f'{names} {len(texts)}'\n"
    )
    assert case_of(graded(lab, spying), "small").as_json()["actual"] == "'[] 0'"


def test_a_lab_whose_own_files_fail_is_our_fault_and_its_traceback_stays_with_staff(lab: LabData) -> None:
    broken = replace(lab, files={**lab.files, "oracle.py": "def scale(x, factor):\n    raise KeyError('oops')\n"})
    report = graded(broken, FILES["solution.py"])
    assert report.verdict is Verdict.INTERNAL
    assert "fault of its own" in report.message
    assert "oops" in report.reason
    assert report.reason.endswith("This was the case small."), "a lab has twenty cases, and a traceback names none"
    assert "oops" not in str(report.as_result())


def test_the_model_answers_time_is_counted_as_a_learners_is(lab: LabData) -> None:
    """Of the processor, not of the clock on the wall, which also runs while somebody else has the processor."""
    waits = "import time\n\n\ndef scale(x, factor):\n    time.sleep(0.3)\n    return factor * x\n"
    questions = paper.set_paper(replace(lab, files={**lab.files, "solution.py": waits}), 1).questions
    assert all(0 < question.seconds < 0.2 for question in questions)


def test_a_case_id_used_twice_is_a_fault_of_the_lab(lab: LabData) -> None:
    twice = lab.files["cases.py"].replace('"one-row"', '"three-rows"')
    report = graded(replace(lab, files={**lab.files, "cases.py": twice}), FILES["solution.py"])
    assert report.verdict is Verdict.INTERNAL
    assert "used twice" in report.reason


class Broken:
    """A pool whose boxes break on our side: every box of the learner, or only the first few."""

    def __init__(self, times: int) -> None:
        self.times = times

    @contextmanager
    def box(self, runtime: str, limits: Any = None) -> Iterator[Any]:
        with pool().box(runtime, limits) as real:
            if self.times > 0:
                self.times -= 1
                real.load = lambda name, source: Answer(Outcome.BROKEN)
            yield real


def test_what_breaks_on_our_side_is_tried_once_more_and_costs_nothing(
    lab: LabData, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking = Broken(1)
    monkeypatch.setattr(examining, "pool", lambda: breaking)
    assert graded(lab, FILES["solution.py"]).verdict is Verdict.PASSED


def test_what_keeps_breaking_on_our_side_is_reported_as_our_fault(
    lab: LabData, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking = Broken(100)
    monkeypatch.setattr(examining, "pool", lambda: breaking)
    report = graded(lab, FILES["solution.py"])
    assert report.verdict is Verdict.INTERNAL
    assert "does not count against you" in report.message


class Absent:
    """A pool without the runtimes named."""

    def __init__(self, *absent: str) -> None:
        self.absent = absent

    def box(self, runtime: str, limits: Any = None) -> Any:
        if runtime in self.absent:
            raise Unavailable(f"There is no {runtime} here.")
        return pool().box(runtime, limits)


def test_without_a_sandbox_the_sentence_says_so_and_nothing_is_raised(
    lab: LabData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "pool", lambda: Absent("numpy", "torch"))
    report = graded(lab, FILES["solution.py"])
    assert (report.verdict, report.message) == (Verdict.INTERNAL, "There is no numpy here.")
    assert report.as_json()["total"] == 0


def test_grading_without_torch_takes_the_model_answer_as_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "pool", lambda: Absent("torch"))
    lstm = load("lstm-step")
    assert paper.set_paper(lstm, 1).truth == "solution.py"
    assert graded(lstm, lstm.files["alternative.py"]).verdict is Verdict.PASSED
    refused = graded(lstm, lstm.files["wrong/gates_swapped.py"])
    assert refused.diagnosis is not None
    assert refused.diagnosis.misconception == "lstm-input-forget-swapped"


@pytest.mark.torch
def test_an_lstm_with_swapped_gates_is_refused_and_named_against_torch_itself() -> None:
    lstm = load("lstm-step")
    assert paper.set_paper(lstm, 1).truth == "oracle.py"
    swapped = (
        "import numpy as np\n\n\ndef lstm_step(x, h, c, W, b):\n"
        "    s = lambda a: 1 / (1 + np.exp(-a))\n"
        "    z = np.einsum('khn,bn->kbh', W, np.hstack([x, h])) + b[:, None]\n"
        "    new = s(z[1]) * c + s(z[0]) * np.tanh(z[2])\n"
        "    return s(z[3]) * np.tanh(new), new\n"
    )
    report = graded(lstm, swapped)
    assert report.verdict is Verdict.FAILED
    assert report.diagnosis is not None
    assert report.diagnosis.says == "This behaves exactly like swapping the input and forget gates."
    right = swapped.replace("s(z[1]) * c + s(z[0])", "s(z[0]) * c + s(z[1])")
    assert graded(lstm, right).verdict is Verdict.PASSED


def test_the_json_of_a_report_has_the_keys_that_others_rely_on(lab: LabData) -> None:
    report = graded(lab, FILES["wrong/adds.py"])
    said = report.as_json()
    assert list(said) == [
        "lab", "verdict", "passed", "total", "cases", "diagnosis", "seconds", "cpu_seconds", "memory_mb",
    ]  # fmt: skip
    assert all(set(case) >= {"id", "visible", "verdict", "message"} for case in said["cases"])
    assert said["diagnosis"] == {
        "misconception": "adds",
        "file": "wrong/adds.py",
        "says": "This behaves exactly like adding the factor.",
        "why": "<p>It is a <strong>product</strong>.</p>",
    }
    assert set(report.as_result()) - set(said) == {
        "message",
        "reference_cpu_seconds",
        "reference_memory_mb",
    }


def test_values_are_printed_within_bounds_however_large_or_deep_they_are() -> None:
    deep: Any = [1.0] * 30
    for _ in range(30):
        deep = [deep] * 30
    values = [
        np.zeros((2,) * 20), np.zeros((100, 100)), deep, dict.fromkeys(range(999), "x" * 9999), "x" * 99_999,
        b"x" * 99_999, 10**4_000, Tensor(np.zeros(3), "float32"), None, np.float32(1), np.zeros((0, 5)),
    ]  # fmt: skip
    for value in values:
        assert 0 < len(text_of(value)) <= 2_000
    assert text_of((np.array([1.0, 2.5]), 3)) == "([1. , 2.5],\n3)"


def test_of_many_arrays_no_more_are_printed_than_can_be_shown() -> None:
    """Two thousand of them took the site seconds."""
    printed = []

    class Told:
        def __repr__(self) -> str:
            printed.append(self)
            return "x" * 500

    rows = [[[Told()] * 20] * 20] * 20
    for value in (rows, {"a": rows[0]}, dict.fromkeys(range(20), rows[0])):
        printed.clear()
        assert len(text_of(value)) <= 2_000
        assert 0 < len(printed) < 30


def test_the_name_of_what_cannot_be_sent_is_cut(lab: LabData) -> None:
    """The box says why an answer cannot be sent, and it is the learner's box."""
    forged = (
        "from codelabs.sandbox import child\n\n\ndef scale(x, factor):\n"
        "    child.Packer.node = lambda *_: (_ for _ in ()).throw(child.wire.UnsendableError('x' * 60_000))\n"
    )
    case = graded(lab, forged).cases[0]
    assert case.verdict is Verdict.ERROR
    assert len(case.message) < 3_000
