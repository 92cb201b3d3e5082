"""What the ending of a process means to the learner. How it ended is the sandbox's Outcome; the two differ."""

from collections.abc import Iterable
from dataclasses import asdict
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
    Outcome.ANSWER_BYTES: Verdict.OUTPUT,
    Outcome.ANSWER_ARRAYS: Verdict.OUTPUT,
    Outcome.ANSWER_DEPTH: Verdict.OUTPUT,
    Outcome.THREADS: Verdict.FORBIDDEN,
    Outcome.FORBIDDEN: Verdict.FORBIDDEN,
    Outcome.BROKEN: Verdict.INTERNAL,
}

# The key of lab.toml whose value was passed.
_LIMITS = {
    Outcome.CPU_TIME: "cpu_seconds",
    Outcome.WALL_TIME: "wall_seconds",
    Outcome.MEMORY: "memory_mb",
    Outcome.OUTPUT: "output_bytes",
    Outcome.ANSWER_BYTES: "answer_bytes",
    Outcome.ANSWER_ARRAYS: "answer_arrays",
    Outcome.ANSWER_DEPTH: "answer_depth",
    Outcome.THREADS: "threads",
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
    Outcome.ANSWER_BYTES: "What your code returned is larger than {answer_bytes} bytes, which is this lab's limit. "
    "Long lists of single numbers count most: return an array instead.",
    Outcome.ANSWER_ARRAYS: "Your code returned more than {answer_arrays} arrays, which is this lab's limit.",
    Outcome.ANSWER_DEPTH: "What your code returned is nested more than {answer_depth} levels deep, which is this "
    "lab's limit. A list that holds itself has no end.",
    Outcome.THREADS: "{threads_granted} Your code started more.",
    Outcome.FORBIDDEN: "Your code tried something that the sandbox does not allow, such as opening a file, a network "
    "connection or another process.",
    Outcome.BROKEN: "The grader failed on our side. Your submission is kept and this does not count against you.",
}


def meaning(outcome: Outcome) -> Verdict:
    """The verdict for a call that ended so. OK only says that there is an answer to compare."""
    return _MEANING[outcome]


def limit_passed(outcome: Outcome) -> str:
    """Which limit of lab.toml an ending is about; empty for all others."""
    return _LIMITS.get(outcome, "")


def sentence(outcome: Outcome, limits: Limits) -> str:
    """What to tell the learner about an ending; empty for endings that speak for themselves (OK, RAISED)."""
    return _SENTENCES.get(outcome, "").format(threads_granted=_threads(limits.threads), **asdict(limits))


def _threads(granted: int) -> str:
    if not granted:
        return "This lab grants no threads beside the one that your code runs in."
    return f"This lab grants {granted} {'thread' if granted == 1 else 'threads'} beside the one that your code runs in."


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a submission: our fault before anything, a broken rule next, else the first case not passed."""
    found = [verdict for verdict in verdicts if verdict is not Verdict.PASSED]
    for grave in (Verdict.INTERNAL, Verdict.FORBIDDEN):
        if grave in found:
            return grave
    return found[0] if found else Verdict.PASSED
