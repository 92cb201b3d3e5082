"""An exception told to whoever wrote the code: only frames of loaded modules, with their lines. Runs in the box."""

import traceback
from collections.abc import Collection
from types import TracebackType
from typing import Any

MESSAGE_CHARACTERS = 4_000
TEXT_CHARACTERS = 16_000
FRAMES = 50
CHAIN = 5

type_ = type  # a learner's exception may lie about its own class; this asks the object itself


def describe(problem: BaseException, files: Collection[str]) -> list[Any]:
    """[type, message, [[file, line, name], …], text], all plain and bounded. Raises nothing of its own."""
    try:
        return [
            type_(problem).__name__[:200],
            _message(problem),
            _frames(problem, files),
            _text(problem, files)[:TEXT_CHARACTERS],
        ]
    except BaseException:  # noqa: BLE001 -- everything about the exception is the learner's and may raise anything
        return ["Exception", "", [], ""]


def _message(problem: BaseException) -> str:
    try:
        return str(problem)[:MESSAGE_CHARACTERS]
    except BaseException:  # noqa: BLE001 -- __str__ is the learner's and may raise anything
        return ""


def _frames(problem: BaseException, files: Collection[str]) -> list[list[Any]]:
    found: list[list[Any]] = []
    step: TracebackType | None = _trace(problem)
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename in files:
            found.append([code.co_filename, step.tb_lineno, code.co_name])
            if len(found) > FRAMES:  # the outer half and the innermost, which is what a deep recursion needs
                del found[FRAMES // 2]
        step = step.tb_next
    if issubclass(type_(problem), SyntaxError) and isinstance(problem, SyntaxError) and problem.filename in files:
        found.append([problem.filename, int(problem.lineno or 0), "<module>"])
    return found


def _trace(problem: BaseException) -> TracebackType | None:
    """Its traceback, past any property of that name in the learner's class."""
    found: TracebackType | None = vars(BaseException)["__traceback__"].__get__(problem)
    return found


def _text(problem: BaseException, files: Collection[str]) -> str:
    try:
        told = traceback.TracebackException(
            type(problem), problem, _trace(problem), limit=-500, lookup_lines=False, compact=True
        )
        _trim(told, files, CHAIN)
        return "".join(told.format())
    except BaseException:  # noqa: BLE001 -- its attributes are the learner's and may raise anything
        return f"{type_(problem).__name__}: {_message(problem)}\n"


def _trim(told: traceback.TracebackException, files: Collection[str], chain: int) -> None:
    told.stack[:] = [frame for frame in told.stack if frame.filename in files]
    for earlier in ("__cause__", "__context__"):
        before = getattr(told, earlier)
        if before is not None and chain:
            _trim(before, files, chain - 1)
        elif before is not None:
            setattr(told, earlier, None)
