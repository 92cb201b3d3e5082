"""Puts the cases to the truth and to known wrong answers. Called by the grader in the author's box."""

import copy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .cases import Case
from .perform import perform
from .script import ENTRY, written


def sit(seed: int, truth: str, entry: str, reference: str, visible_only: bool) -> list[dict[str, Any]]:
    """Every case of the module `cases` with the answer that the module `truth` gives.

    Visible ones come first: code remembers what it was given, and a visible case shows prints and answers. The seconds
    are those of the module `reference` (the model answer), so that a learner is compared with code of the same kind.
    All cases are drawn even if only visible ones are wanted: a seed always means the same inputs.
    Raises whatever the author's code raises, and ValueError for an id used twice.
    """
    rng = np.random.default_rng(seed)
    paper: list[dict[str, Any]] = []
    seen: set[str] = set()
    for case in sys.modules["cases"].cases(rng):
        if case.id in seen:
            raise ValueError(f"the case id {case.id!r} is used twice")
        seen.add(case.id)
        if visible_only and not case.visible:
            continue
        try:
            paper.append(_set(case, truth, entry, reference))
        except Exception as error:
            error.add_note(f"This was the case {case.id}.")
            raise
    return sorted(paper, key=lambda question: not question["visible"])


def _set(case: Case, truth: str, entry: str, reference: str) -> dict[str, Any]:
    question = vars(case) | {
        "kwargs": dict(case.kwargs),
        "call": case.call or entry,
        "steps": tuple(_entered(step, entry) for step in case.steps),
    }
    _, _, seconds = _ask(reference, question)
    expected, after, _ = (None, case.args, 0.0) if case.judge else _ask(truth, question)
    changed = tuple(after[place] for place in case.changes)
    return question | {"expected": expected, "expected_changes": changed, "seconds": seconds}


def hold(value: Any) -> Any:
    """Itself, to be kept in the box: the inputs are sent once for all wrong solutions."""
    return value


def behave(module: str, inputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What `module` does with each question: value and arguments afterwards, or what it raised."""
    behaviour: list[dict[str, Any]] = []
    for question in inputs:
        try:
            value, arguments, _ = _ask(module, question)
        except Exception as error:  # noqa: BLE001 - raising is one of the ways to be wrong
            behaviour.append({"raised": type(error).__name__})
        else:
            behaviour.append({"value": value, "arguments": list(arguments)})
    return behaviour


def weigh(judge: str, answer: Any, facts: Sequence[Any]) -> str:
    """What `judge` ("module:function") says is wrong with an answer; empty if nothing is.

    An answer on which the judge fails is not built as the task says: solution and alternative prove that right ones are
    judged without an exception.
    """
    module, _, name = judge.partition(":")
    function = getattr(sys.modules[module], name)
    try:
        return str(function(answer, *facts) or "")
    except Exception as error:  # noqa: BLE001 - whatever a learner's answer does to the judge
        return f"What came back is not built as the task says ({type(error).__name__} while it was looked at)."


def _ask(module: str, question: Mapping[str, Any]) -> tuple[Any, Sequence[Any], float]:
    """The answer, the arguments afterwards, and the CPU seconds. The arguments are copies, since any code may change
    them."""
    if question["steps"]:
        text, values, _ = written(question["steps"])
        values = copy.deepcopy(values)
        value, seconds = _timed(perform, (module, text, values), {})
        return value, (module, text, values), seconds
    args, kwargs = copy.deepcopy(question["args"]), copy.deepcopy(dict(question["kwargs"]))
    value, seconds = _timed(getattr(sys.modules[module], question["call"]), args, kwargs)
    return value, args, seconds


_CLOCKS = (time.thread_time, time.process_time, time.perf_counter)


def _timed(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, float]:
    """What it returns, and the CPU seconds that it took, as they are counted of a learner's code.

    The clock of this thread is exact and knows no other thread; that of the process knows all, and may tick in steps
    of milliseconds; that of the wall is exact, and runs on while somebody else has the processor.
    """
    start = [clock() for clock in _CLOCKS]
    value = function(*args, **kwargs)
    thread, process, elapsed = (clock() - began for clock, began in zip(_CLOCKS, start, strict=True))
    return value, max(thread, min(process, elapsed))


def _entered(step: Mapping[str, Any], entry: str) -> dict[str, Any]:
    """The step with the lab's entry in place of the name that stands for it."""
    what = step.get("what", {})
    if what.get("name") != ENTRY:
        return dict(step)
    return {**step, "what": {**what, "name": entry}, "text": step["text"].replace(ENTRY, entry)}
