"""What a lab can ask: classes, generators, callables, several functions, judges, changes on purpose, and cost."""

from dataclasses import replace
from pathlib import Path

import pytest

from codelabs import content
from codelabs.comparing import Kind
from codelabs.content import LabData, Wrong
from codelabs.grading import SUBMIT, grade_source
from codelabs.paper import set_paper
from codelabs.report import CaseResult, Report
from codelabs.verdict import Verdict
from tests.codelabs.folders import make_folder


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    return replace(found, banned=(), wrong=())


def made(lab: LabData, entry: str, cases: str, right: str, given: str = "", runtime: str = "numpy") -> LabData:
    """A lab of these files; the oracle is the model answer."""
    files = {**lab.files, "cases.py": cases, "solution.py": right, "oracle.py": right}
    if given:
        files["given.py"] = given
    return replace(lab, entry=entry, files=files, runtime=runtime)


def graded(lab: LabData, source: str = "") -> Report:
    report = grade_source(lab, source or lab.files["solution.py"], SUBMIT, seed=11)
    assert report.reason == ""
    return report


def only(report: Report) -> CaseResult:
    (case,) = report.cases
    return case


COUNTER = """\
class Counter:
    def __init__(self, start=0):
        self.total = start
        self.open = False

    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, *details):
        self.open = False

    def add(self, number):
        if not isinstance(number, int):
            raise TypeError("a whole number")
        self.total += number
        return self.total
"""
COUNTER_CASES = """\
from labkit.cases import case
from labkit.script import Script


def cases(rng):
    do = Script()
    counter = do.let("Counter", 3)
    with_counter = do.enter(counter)
    do.see(counter.open)
    do.call(with_counter.add, int(rng.integers(5, 9)))
    do.call(counter.add, 2)
    do.see(counter.total)
    do.raises(counter.add, "two")
    do.exit(counter)
    do.see(counter.open)
    yield case("counting", why="State is kept between calls.", visible=True, script=do)
"""


@pytest.fixture
def counter(lab: LabData) -> LabData:
    return made(lab, "Counter", COUNTER_CASES, COUNTER)


def test_a_class_with_state_is_made_called_read_and_left(counter: LabData) -> None:
    assert graded(counter).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("self.total += number", "self.total = number", Kind.VALUES, "What step 4, `inside.add(…)` gave is"),
        ("self.open = True", "pass", Kind.VALUES, "What step 3, `counter.open` gave is False; expected True."),
        ("self.open = True", "self.open = 1", Kind.STRUCTURE, "is a number; expected a truth value"),
        ("raise TypeError", "return str", Kind.RAISED, "In step 7, `counter.add(…)`, nothing was raised"),
        ("TypeError", "ValueError", Kind.RAISED, "ValueError was raised; expected TypeError."),
        ("return self.total", "return None", Kind.STRUCTURE, "is None; expected a number"),
    ],
)
def test_the_first_step_that_differs_is_named(counter: LabData, old: str, new: str, kind: Kind, said: str) -> None:
    case = only(graded(counter, COUNTER.replace(old, new)))
    assert case.verdict is Verdict.FAILED
    assert case.difference is not None
    assert case.difference.kind is kind
    assert said in case.message


def test_a_derived_exception_is_as_right_as_its_base(counter: LabData) -> None:
    derived = "class Refused(TypeError):\n    pass\n\n\n" + COUNTER.replace("raise TypeError", "raise Refused")
    assert graded(counter, derived).verdict is Verdict.PASSED


def test_a_visible_script_shows_its_steps_as_they_are_written(counter: LabData) -> None:
    shown = only(graded(counter, COUNTER.replace("self.total += number", "self.total = number"))).as_json()
    lines = [item["text"] for item in shown["inputs"]]
    assert lines[0] == "counter = Counter(3)"
    assert lines[4] == "add_2 = counter.add(2)"
    assert lines[7] == "leaving counter"
    assert "raises TypeError" in shown["expected"]


def test_a_hidden_script_tells_the_step_and_never_a_value(counter: LabData) -> None:
    hidden = {**counter.files, "cases.py": COUNTER_CASES.replace("visible=True, ", "")}
    case = only(graded(replace(counter, files=hidden), COUNTER.replace("self.total += number", "self.total = number")))
    assert case.message == "In step 4, `inside.add(…)`: The values are not the expected ones."
    assert set(case.as_json()) == {
        "id", "visible", "verdict", "message", "why", "kind", "cpu_seconds", "reference_cpu_seconds",
    }  # fmt: skip


def test_an_exception_where_none_is_right_is_an_error_with_its_line(counter: LabData) -> None:
    case = only(graded(counter, COUNTER.replace("self.total += number", "self.total += 1 / 0")))
    assert case.verdict is Verdict.ERROR
    assert case.line == 16


def test_a_learner_who_answers_with_records_of_its_own_gains_nothing(counter: LabData) -> None:
    forged = COUNTER + (
        "\n\nimport sys\n"
        "sys.modules['labkit.perform'].perform = lambda module, steps, values: [{'value': True}] * 6\n"
    )  # fmt: skip
    assert only(graded(counter, forged)).verdict is Verdict.FAILED


@pytest.mark.parametrize("item", ["np.zeros((2,) * 12)", "[np.zeros((2,) * 12)]", "None", "{'a': 'TypeError'}", "3.5"])
def test_an_exception_whose_name_is_no_name_is_wrong_and_is_not_printed(counter: LabData, item: str) -> None:
    """To compare a name with an array raises, and to print one of many axes took the site minutes."""
    forged = COUNTER + (
        "\n\nimport sys\nimport numpy as np\n"
        "sys.modules['labkit.perform'].perform = lambda module, steps, values: "
        f"[{{'value': v}} for v in (True, 3, 5)] + [{{'raised': [{item}]}}] * 3\n"
    )
    for cases in (COUNTER_CASES, COUNTER_CASES.replace("do.call", "do.raises")):
        case = only(graded(replace(counter, files={**counter.files, "cases.py": cases}), forged))
        assert case.verdict is Verdict.FAILED
        assert "[[" not in case.message + case.shown["actual"]


GENERATOR = "def chunks(x, size):\n    for start in range(0, len(x), size):\n        yield x[start : start + size]\n"
GENERATOR_CASES = """\
from labkit.cases import case
from labkit.draw import states
from labkit.script import Script


def cases(rng):
    do = Script()
    stream = do.let("chunks", states(rng, 5), 2)
    do.take(stream, 1)
    do.take(stream, 3)
    yield case("three-chunks", why="The last chunk is shorter.", visible=True, script=do)
"""


def test_a_generator_is_taken_from_item_by_item(lab: LabData) -> None:
    streaming = made(lab, "chunks", GENERATOR_CASES, GENERATOR)
    assert graded(streaming).verdict is Verdict.PASSED
    for wrong, said in [
        (GENERATOR.replace("len(x), size", "len(x) - 1, size"), "1 came, not 2."),
        (GENERATOR + "    yield x\n", "3 came, not 2."),
        (GENERATOR.replace("start + size]", "start + 1]"), "has shape (1,); expected (2,)"),
    ]:
        assert said in only(graded(streaming, wrong)).message


CALLABLE = "def greedy(step, state, count):\n    tokens = []\n    for _ in range(count):\n" \
    "        token, state = step(state)\n        tokens.append(token)\n    return tokens\n"  # fmt: skip
CALLABLE_CASES = """\
from labkit.cases import case
from labkit.script import Script, given


def cases(rng):
    table = rng.permutation(6).tolist()
    yield case("walk", why="Each step starts where the last one ended.", visible=True, args=(given.walk(table), 0, 4))
    do = Script()
    counting = do.let(given.Counting, table)
    do.let("greedy", counting, 1, 3)
    do.see(counting.calls)
    yield case("calls", why="One call a token.", script=do)
"""
CALLABLE_GIVEN = """\
def walk(table):
    return lambda state: (table[state], table[state])


class Counting:
    def __init__(self, table):
        self.table, self.calls = table, 0

    def __call__(self, state):
        self.calls += 1
        return self.table[state], self.table[state]
"""


def test_a_callable_is_lent_to_the_learner_and_can_count_its_calls(lab: LabData) -> None:
    search = made(lab, "greedy", CALLABLE_CASES, CALLABLE, CALLABLE_GIVEN)
    assert graded(search).verdict is Verdict.PASSED
    wasteful = graded(search, CALLABLE.replace("token, state = step(state)", "step(state); token, state = step(state)"))
    assert [case.verdict for case in wasteful.cases] == [Verdict.PASSED, Verdict.FAILED]
    stuck = graded(search, CALLABLE.replace("token, state = step", "token, _ = step"))
    assert stuck.cases[0].as_json()["inputs"][0]["text"].startswith("result = greedy(walk([")


def test_several_functions_of_one_file_are_graded(lab: LabData) -> None:
    cases = (
        "from labkit.cases import case\n\n\ndef cases(rng):\n"
        "    yield case('double', why='Twice.', visible=True, args=(4,))\n"
        "    yield case('half', why='Half.', visible=True, call='half', args=(4,))\n"
    )
    right = "def double(x):\n    return 2 * x\n\n\ndef half(x):\n    return x / 2\n"
    two = made(lab, "double", cases, right)
    assert graded(two).verdict is Verdict.PASSED
    assert [case.verdict for case in graded(two, right.replace("x / 2", "x // 3")).cases] == [
        Verdict.PASSED,
        Verdict.FAILED,
    ]


def test_an_exception_can_be_the_right_answer_of_a_plain_call(lab: LabData) -> None:
    cases = (
        "from labkit.cases import case\n\n\ndef cases(rng):\n"
        "    yield case('negative', why='There is no root.', visible=True, args=(-4.0,), raises=True)\n"
    )
    right = "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x**0.5\n"
    roots = made(lab, "root", cases, right)
    assert graded(roots).verdict is Verdict.PASSED
    case = only(graded(roots, "def root(x):\n    return 0.0\n"))
    assert "`root(…)`, nothing was raised; expected ValueError." in case.message


IN_PLACE_CASES = """\
from labkit.cases import case
from labkit.draw import states


def cases(rng):
    yield case("clip", why="In place.", visible=True, args=([states(rng, 3), states(rng, 2)], 0.5), changes=(0,))
"""
IN_PLACE = """\
def clip(grads, most):
    norm = sum((g * g).sum() for g in grads) ** 0.5
    for g in grads:
        g *= min(1.0, most / norm)
    return norm
"""


def test_an_argument_that_is_changed_on_purpose_is_compared_afterwards(lab: LabData) -> None:
    clipping = made(lab, "clip", IN_PLACE_CASES, IN_PLACE)
    assert graded(clipping).verdict is Verdict.PASSED
    for wrong in (IN_PLACE.replace("g *= ", "g = g * "), IN_PLACE.replace("most / norm)", "most)")):
        case = only(graded(clipping, wrong))
        assert case.verdict is Verdict.FAILED
        assert "argument 1 after the call" in case.message or "`grads` after the call" in case.message


def test_a_script_notices_a_changed_argument_and_a_value_that_may_change(lab: LabData) -> None:
    cases = (
        "from labkit.cases import case\nfrom labkit.draw import states\nfrom labkit.script import Script\n\n\n"
        "def cases(rng):\n    do = Script()\n    kept = do.value(states(rng, 3), 'kept')\n"
        "    do.let('fill', kept, states(rng, 3))\n    do.see(kept)\n"
        "    yield case('fill', why='Only the first changes.', visible=True, script=do)\n"
    )
    right = "def fill(to, source):\n    to[:] = source\n"
    filling = made(lab, "fill", cases, right)
    assert graded(filling).verdict is Verdict.PASSED
    case = only(graded(filling, right + "    source[0] = 9\n"))
    assert case.difference is not None
    assert case.difference.kind is Kind.ARGUMENT
    assert case.message.startswith("In step 2, `fill(…)`, an argument was changed.")


JUDGED_CASES = """\
import numpy as np
from labkit.cases import case
from labkit.script import generator
from labkit.statistics import frequencies


def fits(answer, p):
    return frequencies(answer, p, 4000)


def cases(rng):
    p = [0.5, 0.2, 0.3, 0.0]
    seed = int(rng.integers(2**31))
    yield case("samples", why="As often as it is likely.", args=(p, 4000, generator(seed)), judge=fits, facts=(p,))
"""
SAMPLER = "def sample(p, n, rng):\n    return rng.choice(len(p), size=n, p=p)\n"


def test_a_judge_of_the_author_weighs_a_random_answer_outside_the_learners_box(lab: LabData) -> None:
    sampling = made(lab, "sample", JUDGED_CASES, SAMPLER)
    for seed in range(5):
        assert grade_source(sampling, SAMPLER, SUBMIT, seed=seed).verdict is Verdict.PASSED
    other = "import numpy as np\n\n\ndef sample(p, n, rng):\n    return np.searchsorted(np.cumsum(p), rng.random(n))\n"
    assert graded(sampling, other).verdict is Verdict.PASSED
    for wrong, said in [
        ("rng.choice(len(p), size=n)", "Something is drawn that has a probability of zero."),
        ("rng.choice(len(p), size=n, p=[0.4, 0.3, 0.3, 0])", "The frequencies do not fit the probabilities."),
        ("rng.choice(len(p), size=1, p=p)", "There are not as many samples as the task asks for."),
        ("None", "not whole numbers"),
        ("'text'", "not whole numbers"),
        ("[[1], 2]", "not built as the task says (ValueError"),
    ]:
        case = only(graded(sampling, f"def sample(p, n, rng):\n    return {wrong}\n"))
        assert case.verdict is Verdict.FAILED
        assert said in case.message


def test_an_answer_that_cannot_be_handed_to_a_judge_is_wrong_and_no_fault_of_the_lab(lab: LabData) -> None:
    sampling = made(lab, "sample", JUDGED_CASES, SAMPLER)
    nothing_kept = "from codelabs.sandbox.job import Ref\n\n\ndef sample(p, n, rng):\n    return [Ref('x')]\n"
    # Written shorter than json writes it, so that it grows on its way to the judge.
    grows = (
        "import json\n\nfrom codelabs.sandbox import wire\n\n\n"
        "def sample(p, n, rng):\n"
        "    wire._write = lambda fields: json.dumps(fields, separators=(',', ':')).replace('100000.0', '1e5')\n"
        "    return [1e5] * 400_000\n"
    )
    for source, said in [(nothing_kept, "not built as the task says"), (grows, "too large to be judged")]:
        case = only(graded(sampling, source))
        assert case.verdict is Verdict.FAILED
        assert said in case.message


def test_what_a_judge_knows_is_never_in_the_learners_box(lab: LabData) -> None:
    spying = "def sample(p, n, rng):\n    import sys\n    return sorted(m for m in sys.modules if 'labkit' in m)\n"
    cases = JUDGED_CASES.replace('"samples", ', '"samples", visible=True, ')
    shown = only(graded(made(lab, "sample", cases, SAMPLER), spying)).as_json()
    assert "statistics" not in shown["actual"]
    assert "cases" not in shown["actual"]


COST_CASES = """\
from labkit.cases import case
from labkit.draw import states
from labkit.recipe import cost


def arguments(rng, N):
    return (states(rng, N),)


def cases(rng):
    yield case("small", why="By hand.", visible=True, args=arguments(rng, 5))
    yield case("other", why="Others.", args=arguments(rng, 7))
    yield from cost(rng, arguments, {"N": 2_000}, {"N": 40_000}, times=20)
"""
RUNNING = "import numpy as np\n\n\ndef running(x):\n    return np.cumsum(np.sort(x))\n"
SLOW = "import numpy as np\n\n\ndef running(x):\n    x = sorted(x)\n    total, out = 0.0, np.zeros(len(x))\n" \
    "    for i in range(len(x)):\n        for _ in range(60):\n            out[i] = total + x[i]\n" \
    "        total = out[i]\n    return out\n"  # fmt: skip


@pytest.fixture
def costly(lab: LabData) -> LabData:
    running = made(lab, "running", COST_CASES, RUNNING)
    slow = Wrong("wrong/slow.py", "too-slow", "This is right, element by element.", "It need not be.")
    double = Wrong("wrong/double.py", "double", "This doubles.", "It should not.")
    files = {**running.files, "wrong/slow.py": SLOW, "wrong/double.py": RUNNING.replace("np.cumsum", "2 * np.cumsum")}
    return replace(running, files=files, wrong=(double, slow))


def test_a_right_answer_that_is_far_slower_than_the_model_fails_by_its_cost_and_is_named(costly: LabData) -> None:
    report = graded(costly, SLOW)
    assert [case.verdict for case in report.cases[:2]] == [Verdict.PASSED] * 2
    large = report.cases[-1]
    assert large.verdict is Verdict.FAILED
    assert large.difference is not None
    assert large.difference.kind is Kind.COST
    assert "times the processor time of the model answer; 20 times is the limit here." in large.message
    assert report.diagnosis is not None
    assert report.diagnosis.misconception == "too-slow"


def test_an_honest_answer_in_another_style_is_never_too_slow(costly: LabData) -> None:
    assert graded(costly).verdict is Verdict.PASSED
    patient = "import numpy as np\n\n\ndef running(x):\n    return np.add.accumulate(np.sort(np.array(x.tolist())))\n"
    assert graded(costly, patient).verdict is Verdict.PASSED


def test_remembered_or_careless_answers_to_repeated_questions_do_not_help(costly: LabData) -> None:
    memo = SLOW.replace("def running(x):", "memo = {}\n\n\ndef running(x):\n    if len(x) in memo:\n"
                        "        return memo[len(x)]\n    out = memo[len(x)] = slowly(x)\n    return out\n\n\n"
                        "def slowly(x):")  # fmt: skip
    assert graded(costly, memo).cases[-1].verdict is Verdict.FAILED


def test_a_wrong_answer_to_a_question_about_cost_is_wrong_first(costly: LabData) -> None:
    report = graded(costly, costly.files["wrong/double.py"])
    assert report.diagnosis is not None
    assert report.diagnosis.misconception == "double"
    assert report.cases[-1].difference is not None
    assert report.cases[-1].difference.kind is Kind.VALUES


def test_the_model_answer_is_never_in_the_box_of_a_learner_whose_cost_is_measured(costly: LabData) -> None:
    spying = RUNNING.replace(
        "    return",
        "    import sys\n    assert 'reference' not in sys.modules and 'truth' not in sys.modules\n    return",
    )
    assert graded(costly, spying).verdict is Verdict.PASSED


def test_float32_and_tuples_are_accepted_or_refused_as_a_case_says(lab: LabData) -> None:
    cases = (
        "from labkit.cases import case\nfrom labkit.draw import states\n\n\ndef cases(rng):\n"
        "    x = states(rng, 3)\n"
        "    yield case('plain', why='A pair.', args=(x,))\n"
        "    yield case('lenient', why='Any float.', args=(x,), any_float=True)\n"
        "    yield case('strict', why='A tuple.', args=(x,), strict=True)\n"
    )
    pair = made(lab, "pair", cases, "def pair(x):\n    return x + 1, float(x[0])\n")
    assert graded(pair).verdict is Verdict.PASSED

    def verdicts(source: str) -> list[bool]:
        return [case.verdict is Verdict.PASSED for case in graded(pair, f"def pair(x):\n    {source}\n").cases]

    assert verdicts("return [x + 1, float(x[0])]") == [True, True, False]
    assert verdicts("return x + 1, x[0]") == [True, True, False]
    assert verdicts("return (x + 1).astype('float32'), float(x[0])") == [False, True, False]
    assert verdicts("return (x + 1).astype('float32') + 1e-2, float(x[0])") == [False, False, False]
    assert verdicts("return (x + 1).astype('float16'), float(x[0])") == [False, False, False]  # hides what is wrong


TORCH_CASES = """\
from labkit.cases import case
from labkit.script import Script, given


def cases(rng):
    do = Script()
    layer = do.let(given.layer, rng.standard_normal((3, 2)))
    wrapped = do.let("Scaled", layer, 2.5)
    do.call(wrapped, given.tensor(rng.standard_normal((4, 2))))
    do.call(given.gradients, wrapped)
    do.see(wrapped.training)
    yield case("forward-and-backward", why="A module around a module.", visible=True, script=do)
"""
TORCH_GIVEN = """\
import torch


def tensor(x):
    return torch.from_numpy(x)


def layer(weight):
    made = torch.nn.Linear(2, 3, bias=False, dtype=torch.float64)
    with torch.no_grad():
        made.weight.copy_(tensor(weight))
    return made


def gradients(model):
    model(torch.ones(1, 2, dtype=torch.float64)).sum().backward()
    return [parameter.grad for parameter in model.parameters()]
"""
TORCH = """\
import torch


class Scaled(torch.nn.Module):
    def __init__(self, inner, factor):
        super().__init__()
        self.inner, self.factor = inner, factor

    def forward(self, x):
        return self.factor * self.inner(x)
"""


@pytest.mark.torch
def test_a_torch_module_is_made_called_and_its_gradients_are_compared(lab: LabData) -> None:
    module = made(lab, "Scaled", TORCH_CASES, TORCH, TORCH_GIVEN, runtime="torch")
    assert graded(module).verdict is Verdict.PASSED
    detached = only(graded(module, TORCH.replace("self.factor * self.inner(x)", "self.inner(x) + self.factor")))
    assert "What step 3, `scaled(…)`" in detached.message or "step 3, " in detached.message
    frozen = TORCH.replace("return self.factor * ", "return self.factor * (1 if x.shape[0] > 1 else 2) * ")
    assert "step 4, `gradients(…)`" in only(graded(module, frozen)).message


def test_cost_cases_stay_out_of_the_comparison_with_known_mistakes(costly: LabData) -> None:
    paper = set_paper(costly, 3)
    assert [question.id for question in paper.telling] == ["small", "other"]
    assert len(paper.questions) == 4
