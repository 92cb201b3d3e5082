"""Judging one answer: against the truth, by a judge of the author's, for changed arguments, and for what it cost.

Judges and the model answer have boxes of their own, opened when needed; nothing of them is ever in the learner's.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median
from types import TracebackType
from typing import Any, Self

from codelabs.comparing import Difference, Kind, changed, closely, compare_steps, same
from codelabs.content import LabData
from codelabs.examining import Examinee
from codelabs.paper import LabFault, Question, author_limits, load
from codelabs.sandbox import Answer, Box, Outcome, Unavailable, imports_torch, pool


class Jury:
    """Opens its boxes when needed. Raises Unavailable without a box, LabFault where a file of the lab fails."""

    def __init__(self, lab: LabData) -> None:
        self.lab = lab
        self._boxes = ExitStack()
        self._judge: Box | None = None
        self._model: Box | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._boxes.close()

    def weigh(self, question: Question, answer: Any) -> str:
        """What the question's judge says is wrong with the answer; empty if nothing is."""
        if self._judge is None or not self._judge.alive:
            torch = imports_torch(self.lab.files["cases.py"])
            self._judge = self._open("torch" if torch else self.lab.runtime, {"cases": "cases.py"})
        said = self._judge.call("labkit.paper:weigh", args=(question.judge, answer, question.facts))
        if said.outcome in (Outcome.CPU_TIME, Outcome.WALL_TIME, Outcome.MEMORY, Outcome.ANSWER_BYTES):
            return "What came back is too large to be judged."
        if said.outcome in (Outcome.EXITED, Outcome.MALFORMED):  # before the judge saw it: it raises, or returns a text
            return "What came back is not built as the task says."
        return str(self._sound(said, f"the judge {question.judge}").value or "")

    def model(self, question: Question, args: Sequence[Any]) -> Answer:
        """What the model answer gives for these arguments, and the CPU seconds that it takes, called as a learner's."""
        if self._model is None or not self._model.alive:
            self._model = self._open(self.lab.runtime, {"reference": "solution.py"})
            self._model.call(f"reference:{question.call}", args=args)  # a box's first call pays for first touches
        answer = self._model.call(f"reference:{question.call}", args=args, kwargs=dict(question.kwargs))
        return self._sound(answer, "solution.py")

    def _open(self, runtime: str, modules: dict[str, str]) -> Box:
        box = self._boxes.enter_context(pool().box(runtime, author_limits(self.lab)))
        if (failed := load(box, self.lab, modules)) is not None:
            self._sound(failed, ", ".join(modules.values()))
        return box

    def _sound(self, answer: Answer, what: str) -> Answer:
        if answer.outcome is Outcome.BROKEN:
            raise Unavailable("The sandbox failed on our side. Please try again in a moment.")
        if answer.outcome is not Outcome.OK:
            detail = answer.error.text or answer.error.message if answer.error else ""
            raise LabFault(f"{self.lab.slug}: {what} ended with {answer.outcome}\n{detail}".strip())
        return answer


def difference(question: Question, answer: Answer, names: Sequence[str], jury: Jury) -> Difference | None:
    """What is wrong with an answer, if anything: its value, or an argument that it changed."""
    after = question.handed_back(answer.arguments or ())
    if question.judge:
        said = jury.weigh(question, _values(question, answer.value))
        found = Difference(Kind.RULE, said) if said else None
    else:
        found = _compared(question, answer.value)
    if found is not None:
        return found
    if question.steps:
        return _changed_steps(question, after)
    for place, expected in zip(question.changes, question.expected_changes, strict=True):
        name = f"`{names[place]}`" if place < len(names) else f"argument {place + 1}"
        now = after[place] if place < len(after) else None
        if (found := closely(expected, now, question.closeness, f"{name} after the call")) is not None:
            return found
    kept = [
        old if place in question.changes else new
        for place, (old, new) in enumerate(zip(question.args, after, strict=False))
    ]
    named = answer.keywords or {}
    back = [named.get(name) for name in question.kwargs]
    return changed(question.args, kept, names) or changed(list(question.kwargs.values()), back, list(question.kwargs))


def _compared(question: Question, value: Any) -> Difference | None:
    if question.steps:
        return compare_steps(question.steps, question.expected, value, question.closeness)
    return closely(question.expected, value, question.closeness)


def _values(question: Question, value: Any) -> Any:
    """What a judge is shown: the answer, or a list of what the compared steps gave where there are several."""
    if not question.steps or not isinstance(value, list):
        return value
    seen = [item.get("value", item.get("items")) if isinstance(item, dict) else item for item in value]
    return seen[0] if len(seen) == 1 else seen


def _changed_steps(question: Question, after: Sequence[Any]) -> Difference | None:
    _, before, owners = question.script
    values = after[0] if after else None
    if values is before:
        return None
    if not isinstance(values, tuple) or len(values) != len(before):
        return Difference(Kind.ARGUMENT, "The steps of this case came back changed.")
    for number, old, new in zip(owners, before, values, strict=True):
        step = question.steps[number]
        if not step.get("changes") and not same(old, new):
            said = f"In step {number + 1}, `{step['text']}`, an argument was changed. The caller still needs it."
            return Difference(Kind.ARGUMENT, said, at=f"In step {number + 1}, `{step['text']}`: ")
    return None


CLEARLY = 4  # so many times below the limit, no second look at the model's own time is needed


def overspent(question: Question, first: Answer, examinee: Examinee, jury: Jury) -> Difference | None:
    """Whether a right answer takes more than `cost` times the model answer's CPU seconds.

    Both are measured now, on this host, by the same clock, in boxes of the same kind: the learner's best try against
    the model's median. Clearly below the limit one try of each is enough; else the model is asked for all arguments,
    and above the limit the learner's code is asked `again` with other arguments of the same sizes: one unlucky moment
    decides nothing, on neither side, and remembered answers do not help. A try whose answer is not right does not
    count.
    """
    mine = [first.cpu_seconds]
    theirs = [jury.model(question, question.args).cpu_seconds]
    if mine[0] <= question.cost / CLEARLY * theirs[0]:
        return None
    models = [jury.model(question, args) for args in question.again]
    theirs += [model.cpu_seconds for model in models]
    for args, model in zip(question.again, models, strict=True):
        if min(mine) <= question.cost * median(theirs):
            return None
        answer = examinee.ask(replace(question, args=args))
        if answer is None or answer.outcome is not Outcome.OK:
            continue
        if closely(model.value, answer.value, question.closeness) is None:
            mine.append(answer.cpu_seconds)
    times = min(mine) / max(median(theirs), 1e-9)
    if times <= question.cost:
        return None
    return Difference(
        Kind.COST,
        f"The answer is right, and it takes about {times:.0f} times the processor time of the model answer; "
        f"{question.cost:g} times is the limit here.",
    )
