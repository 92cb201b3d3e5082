"""Puts the cases to the truth and to known wrong answers. Called by the grader in the author's box."""

import copy
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np


def sit(seed: int, truth: str, entry: str, reference: str, visible_only: bool) -> list[dict[str, Any]]:
    """Every case of the module `cases` with the answer that `entry` of the module `truth` gives.

    The seconds are those of the module `reference` (the model answer), so that a learner is compared with code of the
    same kind. All cases are drawn even if only visible ones are wanted: a seed always means the same inputs.
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
        expected, _ = _ask(truth, entry, case.args, case.kwargs)
        _, seconds = _ask(reference, entry, case.args, case.kwargs)
        paper.append(
            {
                "id": case.id,
                "why": case.why,
                "visible": case.visible,
                "args": case.args,
                "kwargs": dict(case.kwargs),
                "rtol": case.rtol,
                "atol": case.atol,
                "expected": expected,
                "seconds": seconds,
            }
        )
    return paper


def hold(value: Any) -> Any:
    """Itself, to be kept in the box: the inputs are sent once for all wrong solutions."""
    return value


def behave(module: str, entry: str, inputs: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """What `entry` of `module` does with each (args, kwargs): value and arguments afterwards, or what it raised."""
    function = getattr(sys.modules[module], entry)
    behaviour: list[dict[str, Any]] = []
    for args, kwargs in inputs:
        args = copy.deepcopy(args)
        try:
            value = function(*args, **copy.deepcopy(kwargs))
        except Exception as error:  # noqa: BLE001 - raising is one of the ways to be wrong
            behaviour.append({"raised": type(error).__name__})
        else:
            behaviour.append({"value": value, "arguments": list(args)})
    return behaviour


def _ask(module: str, entry: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, float]:
    """The answer and its seconds; the arguments are copies, since an author's code may change them as well.

    One thread that only computes: elapsed and CPU seconds are the same, and the clock of the former is finer.
    """
    args, kwargs = copy.deepcopy(args), copy.deepcopy(dict(kwargs))
    start = time.perf_counter()
    value = getattr(sys.modules[module], entry)(*args, **kwargs)
    return value, time.perf_counter() - start
