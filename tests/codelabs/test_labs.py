"""The labs themselves: their worked examples are recomputed, their mistakes are known ones, and they hold."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codelabs import loading
from codelabs.content import GIVEN, LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.proving import prove
from codelabs.sandbox import Outcome, Tensor, pool
from codelabs.verdict import Verdict

FIXTURES = Path(__file__).parents[2] / "fixtures"
LABS, PROBLEMS = loading.read(FIXTURES / "labs")
MISTAKES = {
    entry["slug"]
    for path in (FIXTURES / "misconceptions").glob("*.toml")
    for entry in tomllib.loads(path.read_text())["misconception"]
}
each_lab = pytest.mark.parametrize("lab", LABS, ids=[lab.slug for lab in LABS])
each_lab_running = pytest.mark.parametrize(
    "lab",
    [pytest.param(lab, marks=pytest.mark.torch if lab.runtime == "torch" else (), id=lab.slug) for lab in LABS],
)


def example_of(lab: LabData) -> tuple[str, dict[str, object]]:
    """The code of the statement's worked example, and the numbers that it claims in its comments."""
    block = re.search(r"## Worked example.*?```python\n(.*?)```", lab.statement, re.DOTALL)
    assert block is not None
    said = " ".join(re.findall(r"^#(.*)$", block[1], re.MULTILINE))
    found = re.findall(r"([\w\[\]]+)\s*=\s*(.*?),?\s*(?=\b[\w\[\]]+\s*=|$)", said)
    claims = {name: ast.literal_eval(value) for name, value in found}
    assert claims
    return block[1], claims


def test_every_lab_reads_without_a_problem() -> None:
    assert PROBLEMS == []
    assert {"rnn-cell", "lstm-step"} <= {lab.slug for lab in LABS}


@each_lab_running
@pytest.mark.parametrize("file", ["solution.py", "alternative.py"])
def test_the_worked_example_of_the_statement_is_right(lab: LabData, file: str) -> None:
    code, claims = example_of(lab)
    wrapped = "".join(f"    {line}\n" for line in code.splitlines())
    returned = ", ".join(f"{name!r}: {name}" for name in claims)
    source = f"import numpy as np\n{lab.files[file]}\n\ndef example():\n{wrapped}    return {{{returned}}}\n"
    with pool().box(lab.runtime, lab.box_limits) as box:
        if GIVEN in lab.files:
            assert box.load("given", lab.files[GIVEN]).outcome is Outcome.OK
        assert box.load("example", source).outcome is Outcome.OK
        answer = box.call("example:example")
    assert answer.outcome is Outcome.OK, answer.error
    for name, claim in claims.items():
        assert_near(answer.value[name], claim)


def assert_near(value: Any, claim: Any) -> None:
    """Equal to the four decimals that statements print; the lists within a list may differ in length."""
    value = value.array if isinstance(value, Tensor) else value
    if isinstance(claim, list) and any(isinstance(part, list) for part in claim):
        parts = list(value)
        assert len(parts) == len(claim)
        for part, said in zip(parts, claim, strict=True):
            assert_near(part, said)
    else:
        np.testing.assert_allclose(value, claim, rtol=0, atol=5.1e-5)


def test_the_table_of_the_lstm_example_is_right() -> None:
    """Sums and values of the four parts, from the arrays of the example and the statement's own formulas."""
    lab = next(lab for lab in LABS if lab.slug == "lstm-step")
    code, _ = example_of(lab)
    setting = code.partition("h_next")[0]
    wrapped = "".join(f"    {line}\n" for line in setting.splitlines())
    source = (
        f"import numpy as np\n\n\ndef sums():\n{wrapped}"
        "    return [W[k] @ np.concatenate([x[0], h[0]]) + b[k] for k in range(4)]\n"
    )
    with pool().box("numpy") as box:
        box.load("example", source)
        sums = box.call("example:sums").value
    rows = re.findall(r"^\| (forget|input|candidate|output) \|(.*)\|$", lab.statement, re.MULTILINE)
    assert [name for name, _ in rows] == ["forget", "input", "candidate", "output"]
    for (name, cells), z in zip(rows, sums, strict=True):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", cells)]
        value = np.tanh(z) if name == "candidate" else 1 / (1 + np.exp(-z))
        np.testing.assert_allclose(numbers[:2], z, atol=1e-9)
        np.testing.assert_allclose(numbers[2:], value, atol=5.1e-5)


@each_lab
def test_every_mistake_of_a_lab_is_one_that_the_questions_know(lab: LabData) -> None:
    assert {wrong.misconception for wrong in lab.wrong} <= MISTAKES


@each_lab
def test_every_lab_has_enough_mistakes_and_says_what_each_behaves_like(lab: LabData) -> None:
    assert len({wrong.misconception for wrong in lab.wrong}) >= 8
    for wrong in lab.wrong:
        assert wrong.says.endswith(".")
        assert len(wrong.why) > 40


@each_lab
def test_the_statement_says_shapes_what_is_banned_and_why_it_is_asked(lab: LabData) -> None:
    for heading in ("## Worked example", "## What is not allowed", "## Why this is asked"):
        assert heading in lab.statement
    for parameter in lab.parameters:
        assert re.search(rf"^\|[^|]*`{parameter}`", lab.statement, re.MULTILINE), parameter


@pytest.mark.torch
@each_lab
def test_the_lab_holds_against_its_oracle(lab: LabData) -> None:
    assert [check for check in prove(lab, seed=20_260_504) if check.problem] == []


def test_a_lab_and_its_questions_name_each_other() -> None:
    """Who leaves a lab finds its questions, and who leaves a question finds the lab."""
    named = {(lab.slug, question) for lab in LABS for question in lab.questions}
    naming = set()
    for path in (FIXTURES / "questions").glob("*/*.md"):
        front = tomllib.loads(path.read_text().removeprefix("+++\n").partition("\n+++\n")[0])
        naming |= {(lab, path.stem) for lab in front.get("labs", ())}
    assert named == naming


@pytest.mark.torch
def test_a_ready_function_reached_through_the_table_of_modules_is_forbidden() -> None:
    lab = next(one for one in LABS if one.slug == "clip-global-norm")
    trick = "import sys\n\ndef clip(grads, limit):\n    home = sys.modules['torch.nn.utils.clip_' + 'grad']\n"
    trick += "    return home.clip_grad_norm_([g for g in grads if g is not None], limit)\n"
    report = grade_source(lab, trick, SUBMIT, seed=1)
    assert report.verdict is Verdict.FORBIDDEN
