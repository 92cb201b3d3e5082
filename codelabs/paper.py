"""The paper: a lab's cases with the right answers, drawn afresh in a box of the author's own.

Nothing that an author wrote runs outside a box, and nothing made here is ever sent to the learner's box but the inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from codelabs.comparing import Closeness
from codelabs.content import GIVEN, LabData
from codelabs.labkit.script import Written, written
from codelabs.sandbox import Answer, Box, Limits, Outcome, Ref, Unavailable, imports_torch, pool

# An author's code may be slow and large; it may not be endless.
AUTHOR_LIMITS = Limits(
    cpu_seconds=60, wall_seconds=120, memory_mb=2_048, answer_bytes=268_435_456, answer_arrays=20_000
)
# In an order in which each finds what it imports.
_LABKIT = ("script", "perform", "cases", "draw", "statistics", "gradients", "relations", "recipe", "paper")


class LabFault(Exception):  # noqa: N818 - the grader's word for it
    """The lab's own files failed, so nobody can be graded. The message is for its author, with the traceback."""


@dataclass(frozen=True)
class Question:
    """One case, with what labkit's Case says and what the truth answers.

    `why` is shown even when the case is hidden; `seconds` is what the model answer takes. `expected_changes` are the
    arguments at the positions `changes` as the truth leaves them. What `facts` hold is for the judge alone.
    """

    id: str
    why: str
    visible: bool
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    rtol: float
    atol: float
    expected: Any
    seconds: float
    call: str
    steps: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[int, ...] = ()
    expected_changes: tuple[Any, ...] = ()
    strict: bool = False
    any_float: bool = False
    judge: str = ""
    facts: tuple[Any, ...] = ()
    cost: float = 0.0
    again: tuple[tuple[Any, ...], ...] = ()

    @property
    def closeness(self) -> Closeness:
        return Closeness(self.rtol, self.atol, self.strict, self.any_float)

    @property
    def handed(self) -> tuple[Any, ...]:
        """What the learner's code is handed: the arguments, or the values that the script's steps hand over."""
        return (self.script.values,) if self.steps else self.args

    @cached_property
    def script(self) -> Written:
        """The steps as they travel."""
        return written(self.steps)

    def call_of(self, module: str) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Target, arguments and keywords of the box's call that puts this question to a module."""
        if self.steps:
            return "labkit.perform:perform", (module, self.script.text, self.script.values), {}
        return f"{module}:{self.call}", self.args, dict(self.kwargs)

    def handed_back(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """`handed` as it is afterwards, from the arguments of `call_of` as they came back."""
        return tuple(arguments[2:] if self.steps else arguments)

    def inputs(self) -> dict[str, Any]:
        return {"args": self.args, "kwargs": dict(self.kwargs), "call": self.call, "steps": self.steps}


@dataclass(frozen=True)
class Behaviour:
    """What code did with one case: the value and the arguments afterwards, or the type of exception that it raised."""

    value: Any = None
    arguments: tuple[Any, ...] = ()
    raised: str = ""


@dataclass(frozen=True)
class Paper:
    """`truth` names the file that the right answers come from: oracle.py, or solution.py where torch is missing."""

    questions: tuple[Question, ...]
    truth: str

    @property
    def visible(self) -> "Paper":
        """The part of it that a run shows."""
        return replace(self, questions=tuple(question for question in self.questions if question.visible))

    @property
    def telling(self) -> tuple[Question, ...]:
        """The questions by which mistakes are told apart: those about cost are too large to put to all of them."""
        return tuple(question for question in self.questions if not question.cost)

    @property
    def scripted(self) -> bool:
        return any(question.steps for question in self.questions)


def set_paper(lab: LabData, seed: int, *, visible_only: bool = False) -> Paper:
    """Draw the cases and their right answers from `seed`. Raises LabFault, and Unavailable without a box."""
    truth = "oracle.py"
    if lab.runtime == "numpy" and imports_torch(lab.files[truth]):
        try:
            return Paper(_draw(lab, "torch", truth, seed, visible_only), truth)
        except Unavailable:
            truth = "solution.py"  # checklabs proves that the two agree
    return Paper(_draw(lab, lab.runtime, truth, seed, visible_only), truth)


def behaviours(lab: LabData, paper: Paper) -> dict[str, tuple[Behaviour, ...]]:
    """What each wrong solution does with every telling question, by its file. One that cannot run is left out.

    They share a box, which is replaced if one of them takes it down. Raises Unavailable if no box can be had.
    """
    found: dict[str, tuple[Behaviour, ...]] = {}
    limits = author_limits(lab)
    inputs = [question.inputs() for question in paper.telling]
    with ExitStack() as boxes:
        box: Box | None = None
        for number, wrong in enumerate(lab.wrong):
            if box is None or not box.alive:
                boxes.close()
                box = boxes.enter_context(pool().box(lab.runtime, limits))
                if load(box, lab, {}) is None:
                    box.call("labkit.paper:hold", args=(inputs,), keep="inputs")
            name = f"wrong_{number}"
            box.load(name, lab.files[wrong.file])
            answer = box.call("labkit.paper:behave", args=(name, Ref("inputs")))
            if answer.outcome is Outcome.OK:
                found[wrong.file] = tuple(
                    Behaviour(
                        item.get("value"), question.handed_back(item.get("arguments", ())), item.get("raised", "")
                    )
                    for question, item in zip(paper.telling, answer.value, strict=True)
                )
    return found


def _draw(lab: LabData, runtime: str, truth: str, seed: int, visible_only: bool) -> tuple[Question, ...]:
    modules = {"cases": "cases.py", "truth": truth, "reference": "solution.py"}

    def run(box: Box) -> Answer:
        return load(box, lab, modules) or box.call(
            "labkit.paper:sit", args=(seed, "truth", lab.entry, "reference", visible_only)
        )

    answer = _in_author_box(runtime, author_limits(lab), run)
    if answer.outcome is not Outcome.OK:
        detail = answer.error.text or answer.error.message if answer.error else answer.stdout
        raise LabFault(f"{lab.slug}: the cases or {truth} ended with {answer.outcome}\n{detail}".strip())
    try:
        questions = tuple(Question(**item) for item in answer.value)
    except TypeError as error:
        raise LabFault(f"{lab.slug}: the paper is not built as expected ({error})") from error
    if not questions:
        raise LabFault(f"{lab.slug}: cases.py gives no {'visible ' if visible_only else ''}case")
    return questions


def author_limits(lab: LabData) -> Limits:
    """What the author's own code may use: much, and the threads that the lab grants to learners."""
    return replace(AUTHOR_LIMITS, threads=lab.box_limits.threads)


def _in_author_box(runtime: str, limits: Limits, run: Callable[[Box], Answer]) -> Answer:
    """Run in a fresh author's box; once more if our side broke."""
    for _ in range(2):
        with pool().box(runtime, limits) as box:
            answer = run(box)
        if answer.outcome is not Outcome.BROKEN:
            return answer
    raise Unavailable("The sandbox failed twice on our side. Please try again in a moment.")


def load(box: Box, lab: LabData, modules: Mapping[str, str]) -> Answer | None:
    """Load labkit and the lab's files under these names; the answer of the first that fails."""
    sources = [(name, labkit(name)) for name in ("labkit", *(f"labkit.{part}" for part in _LABKIT))]
    sources += [("given", lab.files[GIVEN])] if GIVEN in lab.files else []
    sources += [(name, lab.files[file]) for name, file in modules.items()]
    answers = (box.load(name, text) for name, text in sources)
    return next((answer for answer in answers if answer.outcome is not Outcome.OK), None)


def labkit_sources() -> dict[str, str]:
    """All of labkit by module name."""
    parts = (path.stem for path in (Path(__file__).parent / "labkit").glob("*.py"))
    names = ["labkit" if part == "__init__" else f"labkit.{part}" for part in parts]
    return {name: labkit(name) for name in sorted(names)}


@cache
def labkit(module: str) -> str:
    """The source of labkit or of one of its modules, as it is sent into boxes."""
    folder = Path(__file__).parent / "labkit"
    name = module.partition(".")[2]
    return (folder / (f"{name}.py" if name else "__init__.py")).read_text(encoding="utf-8")
