"""Receipts: Python beside a question that asserts every formula and number of its answer. It runs in the sandbox."""

from collections.abc import Iterable
from dataclasses import dataclass

from codelabs.sandbox import Answer, Limits, Outcome, Pool, Unavailable, imports_torch
from prepsite.lib.problems import Problem
from quizzes.content.data import QuestionData
from quizzes.content.standards import receipt_path

LIMITS = Limits(cpu_seconds=30, wall_seconds=60, memory_mb=1_024)
MODULE = "receipt"
_ENDINGS = {
    Outcome.CPU_TIME: f"needs more than {LIMITS.cpu_seconds} seconds of computing",
    Outcome.WALL_TIME: f"does not end within {LIMITS.wall_seconds} seconds",
    Outcome.MEMORY: f"needs more than {LIMITS.memory_mb} MB of memory",
    Outcome.OUTPUT: "prints far too much",
    Outcome.ANSWER_BYTES: "returns far too much",
    Outcome.ANSWER_ARRAYS: "returns too many arrays",
    Outcome.ANSWER_DEPTH: "returns something nested too deeply",
    Outcome.THREADS: "starts too many threads",
    Outcome.FORBIDDEN: "tries something that the sandbox forbids",
    Outcome.EXITED: "ends the process instead of asserting",
    Outcome.CRASHED: "crashes the interpreter",
    Outcome.MALFORMED: "breaks off its connection to the sandbox",
    Outcome.BROKEN: "could not be run; the sandbox failed, which is not the receipt's fault",
}


@dataclass(frozen=True)
class Receipts:
    """`skipped` are files that this host has no runtime for, with the sentence that says why."""

    run: int
    problems: tuple[Problem, ...]
    skipped: tuple[Problem, ...] = ()


def check(questions: Iterable[QuestionData], boxes: Pool) -> Receipts:
    """Run the receipt of every question that has one. A failed assertion is a problem, with its file and line."""
    run = 0
    problems: list[Problem] = []
    skipped: list[Problem] = []
    for question in questions:
        if not question.check_source:
            if question.status == "published":
                problems.append(
                    Problem(question.place.file, 0, "the question has no receipt; nothing proves its answer")
                )
            continue
        file = receipt_path(question.place.file)
        name = "torch" if imports_torch(question.check_source) else "numpy"
        try:
            with boxes.box(name, LIMITS) as box:
                answer = box.load(MODULE, question.check_source)
        except Unavailable as error:
            # Without PyTorch the rest of the content can still be proved; without any sandbox nothing can.
            (skipped if name == "torch" else problems).append(Problem(file, 0, f"was not run: {error.reason}"))
            continue
        run += 1
        if answer.outcome is not Outcome.OK:
            problems.append(Problem(file, *_what_is_wrong(answer)))
    return Receipts(run, tuple(problems), tuple(skipped))


def _what_is_wrong(answer: Answer) -> tuple[int, str]:
    if answer.outcome is Outcome.RAISED and answer.error is not None:
        line = answer.error.frames[-1][1] if answer.error.frames else 0
        message = f"{answer.error.type}: {answer.error.message}".removesuffix(": ").splitlines()[0]
        return line, "the assertion fails" if message == "AssertionError" else message
    return 0, _ENDINGS.get(answer.outcome, f"ended as {answer.outcome}")
