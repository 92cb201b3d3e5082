"""Receipts: Python beside a text that asserts every formula and number in it. They run in the sandbox."""

from collections.abc import Iterable
from dataclasses import dataclass

from codelabs.sandbox import Answer, Box, Limits, Outcome, Pool, Unavailable, imports_torch
from prepsite.lib.problems import Problem
from quizzes.content import receipt
from quizzes.content.data import Content, ReceiptData

LIMITS = Limits(cpu_seconds=30, wall_seconds=60, memory_mb=1_024)
MODULE, PAGE = "receipt", "page"
# What a receipt can ask of its text: whether a formula or number stands there, white space aside.
# A formula that goes on with an exponent, an index or a prime is another one.
SAYS = r"""
import re

def says(part):
    part, text = "".join(part.split()), "".join(TEXT.split())
    return re.search(re.escape(part) + r"(?![\^_'])", text) is not None
"""
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


def of(content: Content) -> list[ReceiptData]:
    """All receipts of the content. A question without one is there with an empty source."""
    return [*(receipt.of_question(one) for one in content.questions), *content.receipts]


def unproven(content: Content) -> list[Problem]:
    """Published questions, guides and decks without a receipt, and numbers that a receipt never mentions.

    The numbers of misconceptions are left to their receipts: many hands write those files.
    """
    proved = {one.file for one in content.receipts}
    problems = [
        Problem(one.place.file, 0, "the question has no receipt; nothing proves its answer")
        for one in content.questions
        if one.status == "published" and not one.check_source
    ]
    problems += [
        Problem(guide.place.file, 0, "the guide has no receipt; nothing proves its numbers")
        for guide in content.guides
        if guide.status == "published" and guide.place.file not in proved
    ]
    problems += [
        Problem(deck.place.file, 0, "the deck has no receipt; nothing proves its cards")
        for deck in content.decks
        if deck.status == "published" and deck.place.file not in proved
    ]
    for one in of(content):
        if one.source and not one.file.endswith(".toml"):
            path = receipt.path_of(one.file)
            problems += [
                Problem(one.file, 0, f"the number {number} stands nowhere in {path}")
                for number in receipt.unproven(one)
            ]
    return problems


def check(found: Iterable[ReceiptData], boxes: Pool) -> Receipts:
    """Run receipts. A failed assertion is a problem, with its file and line."""
    run = 0
    problems: list[Problem] = []
    skipped: list[Problem] = []
    for one in found:
        if not one.source:
            continue
        file = receipt.path_of(one.file)
        name = "torch" if imports_torch(one.source) else "numpy"
        try:
            with boxes.box(name, LIMITS) as box:
                answer = _run(box, one)
        except Unavailable as error:
            # Without PyTorch the rest of the content can still be proved; without any sandbox nothing can.
            (skipped if name == "torch" else problems).append(Problem(file, 0, f"was not run: {error.reason}"))
            continue
        run += 1
        if answer.outcome is not Outcome.OK:
            problems.append(Problem(file, *_what_is_wrong(answer)))
    return Receipts(run, tuple(problems), tuple(skipped))


def _run(box: Box, one: ReceiptData) -> Answer:
    """The receipt may import the text that it proves as the module `page`."""
    if PAGE in one.source:
        box.load(PAGE, f"TEXT = {one.text!r}\n{SAYS}")
    return box.load(MODULE, one.source)


def _what_is_wrong(answer: Answer) -> tuple[int, str]:
    if answer.outcome is Outcome.RAISED and answer.error is not None:
        line = answer.error.frames[-1][1] if answer.error.frames else 0
        message = f"{answer.error.type}: {answer.error.message}".removesuffix(": ").splitlines()[0]
        return line, "the assertion fails" if message == "AssertionError" else message
    return 0, _ENDINGS.get(answer.outcome, f"ended as {answer.outcome}")
