"""The learner's scratch call: a few lines of their own that use their function, run in a box that knows no case."""

from typing import Any

from codelabs.content import GIVEN, LabData
from codelabs.examining import SUBMISSION
from codelabs.paper import labkit
from codelabs.sandbox import Answer, Outcome, Unavailable, pool
from codelabs.showing import beginning
from codelabs.verdict import Verdict, meaning, sentence

_SHOWN = 4_000  # characters of a value, of prints and of a traceback
_NOT_LOADED = "Not run: your code above could not be read in."


def try_out(lab: LabData, source: str, scratch: str) -> dict[str, Any]:
    """What came of it, as plain values: {"verdict", "message"} and, where there are any,
    stdout, value, traceback and line.

    What the box says is hostile: it is text, cut to a length, and nothing is made of it. Raises Unavailable.
    """
    for _ in range(2):
        answer = _run(lab, source, scratch)
        if answer is None:
            return {"verdict": Verdict.ERROR.value, "message": _NOT_LOADED}
        if answer.outcome is not Outcome.BROKEN:
            return _told(lab, answer)
    raise Unavailable("The sandbox failed twice on our side. Please try again in a moment.")


def _run(lab: LabData, source: str, scratch: str) -> Answer | None:
    """The answer to the scratch lines; None if the learner's code itself cannot be loaded."""
    with pool().box(lab.runtime, lab.box_limits) as box:
        parts = [(name, labkit(name)) for name in ("labkit", "labkit.scratch")]
        parts += [("given", lab.files[GIVEN])] if GIVEN in lab.files else []
        for name, text in parts:
            loaded = box.load(name, text)
            if loaded.outcome is not Outcome.OK:
                return loaded
        loaded = box.load(SUBMISSION, source)
        if loaded.outcome is not Outcome.OK:
            return loaded if loaded.outcome is Outcome.BROKEN else None
        return box.call("labkit.scratch:run", (scratch, SUBMISSION))


def _told(lab: LabData, answer: Answer) -> dict[str, Any]:
    found = answer.value if answer.outcome is Outcome.OK and isinstance(answer.value, dict) else {}
    value, traceback, line = found.get("value"), found.get("traceback"), found.get("line")
    if answer.error is not None and not isinstance(traceback, str):
        traceback = answer.error.text
    raised = answer.outcome is Outcome.RAISED or (answer.outcome is Outcome.OK and isinstance(traceback, str))
    said: dict[str, Any] = {
        "verdict": (Verdict.ERROR if raised else meaning(answer.outcome)).value,
        "message": sentence(answer.outcome, lab.box_limits),
    }
    for name, text in (("stdout", answer.stdout), ("value", value), ("traceback", traceback)):
        if isinstance(text, str) and text:
            said[name] = beginning(text, _SHOWN)
    if type(line) is int and 0 < line < 1_000_000:
        said["line"] = line
    return said
