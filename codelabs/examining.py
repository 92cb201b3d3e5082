"""The learner's code in a box of its own: one input at a time goes in, an answer comes out, nothing else crosses."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from codelabs.content import GIVEN, LabData
from codelabs.paper import Question, labkit
from codelabs.sandbox import Answer, Box, Outcome, pool

SUBMISSION = "submission"
# A submission that hangs in every case must not occupy a box for minutes: this many times the wall limit is enough.
PATIENCE = 3


class Examinee:
    """A learner's code under examination. When its box dies, the next question gets a new one.

    A case that crashes or hangs costs that case. What breaks on our side is tried once more. `ask` raises Unavailable
    where no box can be had.
    """

    def __init__(self, lab: LabData, source: str, *, scripted: bool = False) -> None:
        """`scripted`: some questions are scripts, so that the box needs what performs them."""
        self.lab = lab
        self.source = source
        self.scripted = scripted
        self.banned: list[tuple[int, str]] = []
        self.refusal: Answer | None = None  # how loading ended, if not well
        self.printed = ""  # while loading
        self.cpu_seconds = 0.0
        self.wall_seconds = 0.0
        self.memory_mb = 0.0
        self._box: Box | None = None
        self._boxes = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._boxes.close()

    @property
    def exhausted(self) -> bool:
        """Whether this submission has had its share of time."""
        return self.wall_seconds > PATIENCE * self.lab.box_limits.wall_seconds

    def ask(self, question: Question) -> Answer | None:
        """The answer to one question; None if the code could not be loaded (`refusal`) or uses `banned` names."""
        for _ in range(2):
            box = self._open()
            if box is None:
                answer = self.refusal
            else:
                target, args, kwargs = question.call_of(SUBMISSION)
                answer = self._count(box.call(target, args=args, kwargs=kwargs, return_arguments=True))
            if answer is None or answer.outcome is not Outcome.BROKEN:
                break
            self.refusal, self._box = None, None
        return answer if box is not None else None

    def _open(self) -> Box | None:
        if self.banned or self.refusal is not None:
            return None
        if self._box is not None and self._box.alive:
            return self._box
        self._boxes.close()
        box = self._boxes.enter_context(pool().box(self.lab.runtime, self.lab.box_limits))
        self._box = box
        return box if self._admit(box) else None

    def _admit(self, box: Box) -> bool:
        """Look for banned names before any of the learner's code runs, then load it."""
        for ask, name, details in self._preparations(box):
            answer = self._count(ask(name, *details))
            if answer.outcome is not Outcome.OK:
                self.refusal = answer
                return False
            if answer.value:
                self.banned = [(int(line), str(name)) for line, name in answer.value]
                return False
        answer = self._count(box.load(SUBMISSION, self.source))
        self.refusal = None if answer.outcome is Outcome.OK else answer
        self.printed = answer.stdout if self.refusal is None else ""
        return self.refusal is None

    def _preparations(self, box: Box) -> Iterator[tuple[Callable[..., Answer], str, Sequence[Any]]]:
        """What is loaded and called before any of the learner's code. None of it holds an answer."""
        banned = list(self.lab.banned)
        if banned or self.scripted:
            yield box.load, "labkit", (labkit("labkit"),)
        if self.scripted:
            yield box.load, "labkit.perform", (labkit("labkit.perform"),)
        if GIVEN in self.lab.files:
            yield box.load, "given", (self.lab.files[GIVEN],)
        if banned:
            yield box.load, "labkit.banned", (labkit("labkit.banned"),)
            yield box.call, "labkit.banned:find", ((self.source, banned),)
            yield box.call, "labkit.banned:guard", ((banned,),)

    def _count(self, answer: Answer) -> Answer:
        self.cpu_seconds += answer.cpu_seconds
        self.wall_seconds += answer.wall_seconds
        self.memory_mb = max(self.memory_mb, answer.memory_mb)
        return answer
