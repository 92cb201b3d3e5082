"""The learner's code in a box of its own: one input at a time goes in, an answer comes out, nothing else crosses."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import numpy as np

from codelabs import tracebacks
from codelabs.content import GIVEN, LabData
from codelabs.labkit.script import Script, written
from codelabs.paper import Question, labkit
from codelabs.sandbox import Answer, Box, Call, Heard, Outcome, Tensor, packed_call, pool

SUBMISSION = "submission"
# A submission that hangs in every case must not occupy a box for minutes: this many times the wall limit is enough.
PATIENCE = 3
# Code that ran out of time in each of its first cases, the smallest, has a loop without an end. Nobody wins by waiting
# for it in all the others, neither the learner nor whoever waits for the box.
HOPELESS = 2
_OUT_OF_TIME = (Outcome.CPU_TIME, Outcome.WALL_TIME)
REHEARSALS = 4  # of a script in a seat; each is quicker than the one before


def seat(lab: LabData, *, scripted: bool) -> Box | None:
    """A box that lacks nothing but the learner's code, to be kept until it comes; None if it cannot be had just now."""
    box = pool().box(lab.runtime, lab.box_limits)
    if any(_failed(answer) for answer in _furnish(box, lab, scripted)):
        box.close()
        return None
    if lab.banned:  # goes through the motions, so that they are quicker when somebody waits
        box.call("labkit.banned:find", (lab.files["starter.py"], list(lab.banned)))
    if scripted:
        for _ in range(REHEARSALS):
            box.call("labkit.perform:perform", motions(lab.runtime), return_arguments=True)
    return box


def packed(question: Question) -> Call | Answer:
    """The question as a box is asked it; the answer, if it cannot travel."""
    target, args, kwargs = question.call_of(SUBMISSION)
    return packed_call(target, args, kwargs, return_arguments=True)


def motions(runtime: str) -> tuple[str, str, tuple[Any, ...]]:
    """A module and a script that does what scripts do, with a function of labkit's own in the place of a learner's."""
    ones = np.ones((3, 4))
    value = Tensor(ones, "float64") if runtime == "torch" else ones
    do = Script()
    handed = do.value(value)
    do.see(do.let("snapshot", [value, {"one": 1.0}])[0])
    do.call("snapshot", [handed])
    do.set(handed[0], 0.0)
    do.see(handed)
    text, values, _ = written(do.steps)
    return "labkit.perform", text, values


def _furnish(box: Box, lab: LabData, scripted: bool) -> Iterator[Answer]:
    """What is loaded before any of the learner's code. None of it holds an answer."""
    names = ["labkit"] if lab.banned or scripted else []
    names += ["labkit.perform"] if scripted else []
    for name in names:
        yield box.load(name, labkit(name))
    if GIVEN in lab.files:
        yield box.load("given", lab.files[GIVEN])
    if lab.banned:
        yield box.load("labkit.banned", labkit("labkit.banned"))
        yield box.call("labkit.banned:guard", (list(lab.banned),))


def _may_use(source: str, banned: Sequence[str]) -> bool:
    """Whether looking for banned names could find any. Most code does not even hold the letters of one.

    Beyond ASCII two spellings can be one name, and the calls named here take names from texts.
    """
    clues = {name.rpartition(".")[2] for name in banned} | {"getattr", "__import__", "import_module"}
    return bool(banned) and (not source.isascii() or any(clue in source for clue in clues))


def _failed(answer: Answer) -> bool:
    return answer.outcome is not Outcome.OK


class Examinee:
    """A learner's code under examination. When its box dies, the next question gets a new one.

    A case that crashes or hangs costs that case. What breaks on our side is tried once more. `ask` raises Unavailable
    where no box can be had.
    """

    def __init__(
        self,
        lab: LabData,
        source: str,
        *,
        scripted: bool = False,
        box: Box | None = None,
        calls: Mapping[str, Call | Answer] | None = None,
    ) -> None:
        """`scripted`: some questions are scripts, so that the box needs what performs them.

        `box` is one that `seat` made ready for this lab, if there is one; it is closed with the rest. `calls` are
        questions packed ahead, by id; each is put once.
        """
        self._calls = dict(calls or {})
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
        self._seat = box
        self._out_of_time = 0  # cases
        self._kept_time = False  # in any case
        self._ahead: tuple[Box, Question] | None = None  # put already, and in which box
        self._boxes = ExitStack()
        if box is not None:
            self._boxes.callback(box.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._boxes.close()

    @property
    def exhausted(self) -> bool:
        """Whether this submission has had its share of time."""
        if self._out_of_time >= HOPELESS and not self._kept_time:
            return True
        return self.wall_seconds > PATIENCE * self.lab.box_limits.wall_seconds

    def ask(self, question: Question) -> Answer | None:
        """The answer to one question; None if the code could not be loaded (`refusal`) or uses `banned` names."""
        heard = self.hear(question)
        return self.read(heard) if isinstance(heard, Heard) else heard

    def hear(self, question: Question, following: Question | None = None) -> Heard | Answer | None:
        """As `ask`, but what the code answered is left to be `read` later; how it failed to answer is told now.

        `following` is what will be asked next. The box gets it when this answer is here, and works meanwhile.
        """
        for _ in range(2):
            box = self._open()
            heard = self.refusal if box is None else self._hear(box, question, following)
            if not isinstance(heard, Answer) or heard.outcome is not Outcome.BROKEN:
                break
            self.refusal, self._box = None, None
        if box is None:
            return None
        out_of_time = isinstance(heard, Answer) and heard.outcome in _OUT_OF_TIME
        self._out_of_time += out_of_time
        self._kept_time |= not out_of_time
        return heard

    def read(self, heard: Heard) -> Answer:
        """What was heard, in the learner's terms."""
        return self._told(heard.read())

    def answers_within(self, question: Question, seconds: float) -> bool:
        """Whether asking this takes hardly more than so many seconds; as long may pass here, waiting for it."""
        if self.banned or self.refusal is not None:
            return True
        if self._ahead is None or self._ahead[0] is not self._box or self._ahead[1] is not question:
            return False
        return self._ahead[0].answers_within(seconds)

    def _hear(self, box: Box, question: Question, following: Question | None) -> Heard | Answer:
        if self._ahead is None or self._ahead[0] is not box or self._ahead[1] is not question:
            box.pose(self._call(question))
        if following is not None:
            box.pose_next(self._call(following))
        heard = box.hear()
        self._ahead = (box, following) if following is not None and box.alive else None
        if isinstance(heard, Answer):
            return self._count(heard)
        self._add(heard.cpu_seconds, heard.wall_seconds, heard.memory_mb)
        return heard

    def _call(self, question: Question) -> Call | Answer:
        """The question as it was packed ahead, or, asked once more, packed anew."""
        return self._calls.pop(question.id, None) or packed(question)

    def _open(self) -> Box | None:
        if self.banned or self.refusal is not None:
            return None
        if self._box is not None and self._box.alive:
            return self._box
        self._box, self._seat = self._seat, None
        if self._box is None:
            self._boxes.close()
            self._box = self._boxes.enter_context(pool().box(self.lab.runtime, self.lab.box_limits))
            self.refusal = next(
                (answer for answer in _furnish(self._box, self.lab, self.scripted) if _failed(answer)), None
            )
            if self.refusal is not None:
                return None
        return self._box if self._admit(self._box) else None

    def _admit(self, box: Box) -> bool:
        """Look for banned names before any of the learner's code runs, then load it."""
        if _may_use(self.source, self.lab.banned):
            answer = self._count(box.call("labkit.banned:find", (self.source, list(self.lab.banned))))
            if _failed(answer):
                self.refusal = answer
                return False
            self.banned = [(int(line), str(name)) for line, name in answer.value]
            if self.banned:
                return False
        answer = self._count(box.load(SUBMISSION, self.source))
        self.refusal = None if answer.outcome is Outcome.OK else answer
        self.printed = answer.stdout if self.refusal is None else ""
        return self.refusal is None

    def _count(self, answer: Answer) -> Answer:
        self._add(answer.cpu_seconds, answer.wall_seconds, answer.memory_mb)
        return self._told(answer)

    def _add(self, cpu_seconds: float, wall_seconds: float, memory_mb: float) -> None:
        self.cpu_seconds += cpu_seconds
        self.wall_seconds += wall_seconds
        self.memory_mb = max(self.memory_mb, memory_mb)

    def _told(self, answer: Answer) -> Answer:
        """In the learner's terms, and without frames on lines that their file does not have: code can make up any
        number, and of a hidden case it could tell the input in this way."""
        if answer.error is None:
            return answer
        last = self.source.count("\n") + 1
        frames = tuple(one for one in answer.error.frames if SUBMISSION not in one[0] or 1 <= one[1] <= last)
        error = tracebacks.told(answer.error, SUBMISSION, self.source)
        return replace(answer, error=replace(error, frames=frames))
