"""What the ending of a process means to the learner. How it ended is the sandbox's Outcome; the two differ."""

from collections.abc import Iterable
from enum import StrEnum

from codelabs.sandbox import Limits, Outcome


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"  # it ran, and the answer is not the right one
    ERROR = "error"  # it stopped with an exception, an exit or a crash, or answered with what cannot be read
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    FORBIDDEN = "forbidden"
    INTERNAL = "internal"  # our fault; it never costs the learner anything


_MEANING = {
    Outcome.OK: Verdict.PASSED,
    Outcome.RAISED: Verdict.ERROR,
    Outcome.EXITED: Verdict.ERROR,
    Outcome.CRASHED: Verdict.ERROR,
    Outcome.MALFORMED: Verdict.ERROR,
    Outcome.CPU_TIME: Verdict.TIMEOUT,
    Outcome.WALL_TIME: Verdict.TIMEOUT,
    Outcome.MEMORY: Verdict.MEMORY,
    Outcome.OUTPUT: Verdict.OUTPUT,
    Outcome.FORBIDDEN: Verdict.FORBIDDEN,
    Outcome.BROKEN: Verdict.INTERNAL,
}

_SENTENCES = {
    Outcome.EXITED: "Your code ended the whole process instead of returning an answer.",
    Outcome.CRASHED: "Your code crashed the Python process. Deep recursion and native code are the usual reasons.",
    Outcome.MALFORMED: "What came back cannot be read as an answer. Return numbers, strings, arrays, or tuples, lists "
    "and dictionaries of them.",
    Outcome.CPU_TIME: "Your code used more than {cpu_seconds} s of processor time, which is this lab's limit.",
    Outcome.WALL_TIME: "No answer came within {wall_seconds} s, which is this lab's limit.",
    Outcome.MEMORY: "Your code needed more than {memory_mb} MB of memory, which is this lab's limit.",
    Outcome.OUTPUT: "Your code printed more than {output_bytes} bytes, which is this lab's limit.",
    Outcome.FORBIDDEN: "Your code tried something that the sandbox does not allow, such as opening a file, a network "
    "connection or another process.",
    Outcome.BROKEN: "The grader failed on our side. Your submission is kept and this does not count against you.",
}


def meaning(outcome: Outcome) -> Verdict:
    """The verdict for a call that ended so. OK only says that there is an answer to compare."""
    return _MEANING[outcome]


def sentence(outcome: Outcome, limits: Limits) -> str:
    """What to tell the learner about an ending; empty for endings that speak for themselves (OK, RAISED)."""
    return _SENTENCES.get(outcome, "").format(
        cpu_seconds=limits.cpu_seconds,
        wall_seconds=limits.wall_seconds,
        memory_mb=limits.memory_mb,
        output_bytes=limits.output_bytes,
    )


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a submission: our fault before anything, a broken rule next, else the first case not passed."""
    found = [verdict for verdict in verdicts if verdict is not Verdict.PASSED]
    for grave in (Verdict.INTERNAL, Verdict.FORBIDDEN):
        if grave in found:
            return grave
    return found[0] if found else Verdict.PASSED
