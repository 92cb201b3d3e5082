"""A box as its user holds it: one child of a warm zygote, measured, limited and ended from outside."""

import resource
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from codelabs.sandbox import proc, wire
from codelabs.sandbox.exchange import EndedError, Exchange
from codelabs.sandbox.held import Child
from codelabs.sandbox.job import TOLD, Answer, Limits, Raised
from codelabs.sandbox.nodes import UNCHANGED, Packer, Unpacker
from codelabs.sandbox.outcome import Outcome

BRIEF_SECONDS = 0.002
# How a call may end by the child's own word, after which it can be asked again.
SELF_REPORTED = frozenset(
    (
        *(Outcome.OK, Outcome.RAISED, Outcome.EXITED, Outcome.MEMORY, Outcome.MALFORMED, Outcome.THREADS),
        *(Outcome.ANSWER_BYTES, Outcome.ANSWER_ARRAYS, Outcome.ANSWER_DEPTH),
    )
)


@dataclass(frozen=True, eq=False)
class _Question:
    """What has been asked and not been answered yet; `given` are the arguments and keywords of a call."""

    exchange: Exchange
    nonce: int
    given: tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class Heard:
    """An answer that is here to its last byte, and of which nothing has been read yet. What it says may turn out to be
    none; the box it came from ends then."""

    box: "Box"
    question: _Question
    skeleton: bytes
    arrays: bytes
    memory_mb: float

    @property
    def cpu_seconds(self) -> float:
        return self.question.exchange.cpu_seconds

    @property
    def wall_seconds(self) -> float:
        return self.question.exchange.wall_seconds

    def read(self) -> Answer:
        return self.box.read(self)


@dataclass(frozen=True, eq=False)
class Call:
    """A question that is packed and ready to be put, once: it holds a number that only its answer can know."""

    frame: bytes
    nonce: int
    given: tuple[Any, Any]


def packed_call(
    target: str,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    keep: str | None = None,
    return_arguments: bool = False,
) -> "Call | Answer":
    """What `Box.call` says, packed ahead of the box; or the answer to what cannot travel."""
    packer = Packer()
    given = tuple(args), dict(kwargs or {})
    try:
        fields = ["call", target, packer.node(given[0]), packer.node(given[1]), keep, return_arguments]
        return _packed(fields, packer, given)
    except wire.UnsendableError as problem:
        return Answer(problem.outcome, error=Raised("Unsendable", str(problem)))


class Box:
    """For one thread at a time. Nothing it does raises: every failure is an Answer with its outcome."""

    def __init__(self, child: Child, limits: Limits) -> None:
        """Raises BrokenPipeError when the child is not there, PermissionError when its walls would not stand."""
        self.limits = limits
        self._child = child
        self._ending: Outcome | None = None
        self._closed = False
        self._posed: _Question | Answer | None = None
        self._following: Call | Answer | None = None
        self._clock = proc.cpu_clock(child.pid)
        child.greet()
        page = resource.getpagesize()
        size, resident, _ = child.pages
        self._resident_mb = resident * page / 2**20
        self._peak_mb = 0.0
        room = limits.memory_mb * 2**20 + limits.threads * 16 * 2**20
        start = ["start", size * page + room, *(getattr(limits, name) for name in TOLD)]
        self._child.line.sendall(Packer().frame(start))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process. Its zygote buries it; nobody waits."""
        if not self._closed:
            self._closed = True
            self._ending = self._ending or Outcome.BROKEN
            self._child.keeper.discard(self._child)

    @property
    def alive(self) -> bool:
        """Whether another call can be answered."""
        return self._ending is None

    def load(self, name: str, source: str) -> Answer:
        """Run `source` as the module `name`, which later loads and calls can import."""
        return self._ask(["load", name, source], Packer())

    def call(
        self,
        target: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        keep: str | None = None,
        return_arguments: bool = False,
    ) -> Answer:
        """Call "module:function", or "$name.method" of an object that an earlier call kept as `name`.

        With `keep`, the result stays in the box under that name and the value is None. With `return_arguments` the
        arguments come back as the call left them. An argument that cannot travel makes the answer MALFORMED.
        """
        self.pose(packed_call(target, args, kwargs, keep=keep, return_arguments=return_arguments))
        return self.answer()

    def pose(self, call: Call | Answer) -> None:
        """`call` without waiting. `answer` must be asked for before anything else, and soon: limits are kept by it."""
        self._put(call)

    def pose_next(self, call: Call | Answer) -> None:
        """As `pose`, for the call after the one that is posed now. It leaves once the answer to that one is here to the
        last byte and before it is read; if the box ends with it, it is never put."""
        self._following = call

    def answers_within(self, seconds: float) -> bool:
        """Whether `answer` of the call posed last will have little to wait for, after waiting at most so long."""
        posed = self._posed
        return posed.exchange.begins_within(seconds) if isinstance(posed, _Question) else posed is not None

    def answer(self) -> Answer:
        """What the call posed last gave."""
        heard = self.hear()
        return heard.read() if isinstance(heard, Heard) else heard

    def hear(self) -> Heard | Answer:
        """As `answer`, but what the child said is left to be read later; what it did instead of saying it is told now.

        Reading takes as long as a short call, in which the next answer could have come.
        """
        posed, self._posed = self._posed, None
        if posed is None:
            raise RuntimeError("nothing has been asked")
        if isinstance(posed, _Question):
            return self._hear(posed)
        self._put_following()
        return posed

    def _ask(self, fields: list[Any], packer: Packer) -> Answer:
        self._put(_packed(fields, packer))
        return self.answer()

    def _put(self, question: "Call | Answer") -> None:
        self._following = None
        if self._posed is not None:
            self.answer()  # nobody has asked for it; the child speaks in turn
        if self._ending is not None:
            self._posed = Answer(self._ending)
        else:
            self._posed = question if isinstance(question, Answer) else self._spoken(question)

    def _put_following(self) -> None:
        following, self._following = self._following, None
        if following is not None:
            self._posed = following if isinstance(following, Answer) else self._spoken(following)

    def _spoken(self, question: Call) -> _Question:
        exchange = Exchange(self._child, self.limits, self._clock)
        exchange.speak(question.frame)
        return _Question(exchange, question.nonce, question.given)

    def _hear(self, question: _Question) -> Heard | Answer:
        try:
            skeleton, arrays = question.exchange.hear()
        except EndedError as ended:
            said = self._end(ended)
        except wire.MalformedError as problem:
            said = self._end(EndedError(problem.outcome, str(problem)))
        else:
            self._put_following()
            self._measure(question.exchange)
            return Heard(self, question, skeleton, arrays, self._peak_mb)
        self._measure(question.exchange)
        return _answer(question.exchange, self._peak_mb, said)

    def read(self, heard: Heard) -> Answer:
        """What this box said."""
        question = heard.question
        try:
            said = _interpret(heard.skeleton, heard.arrays, question.nonce, self.limits, question.given)
        except wire.MalformedError as problem:
            said = self._end(EndedError(problem.outcome, str(problem)))
        return _answer(question.exchange, heard.memory_mb, said)

    def _end(self, ended: EndedError) -> dict[str, Any]:
        if not self._closed:
            self._child.kill()
        if ended.outcome is Outcome.BROKEN:
            self._child.keeper.condemn()
        self._ending = ended.outcome
        self._posed = self._following = None
        error = Raised(ended.outcome.name.title(), ended.why) if ended.why else None
        return {"outcome": ended.outcome, "error": error}

    def _measure(self, exchange: Exchange) -> None:
        # Asking costs as much as a small call, and in so short a time a process cannot grow by much.
        if self._peak_mb and not exchange.peak_kib and exchange.cpu_seconds < BRIEF_SECONDS:
            return
        peak_kib = exchange.peak_kib or proc.figure(self._child.pid, b"VmHWM")
        self._peak_mb = max(self._peak_mb, peak_kib / 1024 - self._resident_mb)


def _answer(exchange: Exchange, memory_mb: float, said: dict[str, Any]) -> Answer:
    return Answer(
        stdout=exchange.stdout(),
        cpu_seconds=exchange.cpu_seconds,
        wall_seconds=exchange.wall_seconds,
        memory_mb=memory_mb,
        **said,
    )


def _packed(fields: list[Any], packer: Packer, given: tuple[Any, Any] = (None, None)) -> Call:
    # A number that only this question has: what was written before it was asked is no answer to it.
    nonce = secrets.randbits(53)
    return Call(packer.frame([fields[0], nonce, *fields[1:]]), nonce, given)


def _interpret(
    skeleton: bytes, arrays: bytes, nonce: int, limits: Limits, given: tuple[Any, Any] = (None, None)
) -> dict[str, Any]:
    """The answer in its parts. Raises wire.MalformedError."""
    fields = wire.parse(skeleton)
    if len(fields) != 6 or fields[0] != nonce or not isinstance(fields[1], str) or fields[1] not in SELF_REPORTED:
        raise wire.MalformedError("not an answer to this call")
    unpacker = Unpacker(wire.unpack_arrays(arrays, limits), limits.answer_depth)
    told = zip(fields[3:5], given, strict=True)
    arguments, keywords = (old if node is UNCHANGED else unpacker.value(node) for node, old in told)
    if not isinstance(arguments, tuple | None) or not isinstance(keywords, dict | None):
        raise wire.MalformedError("arguments that are none")
    return {
        "outcome": Outcome(fields[1]),
        "value": unpacker.value(fields[2]),
        "arguments": arguments,
        "keywords": keywords,
        "error": _raised(fields[5]),
    }


def _raised(node: Any) -> Raised | None:
    match node:
        case None:
            return None
        case [str(kind), str(message), [*frames], str(text)] if len(text) + len(message) + len(kind) < 65_536:
            return Raised(_told(kind), _told(message), tuple(_frame(frame) for frame in frames[:200]), _told(text))
        case _:
            raise wire.MalformedError("an error that is none")


def _frame(node: Any) -> tuple[str, int, str]:
    match node:
        case [str(file), int(line), str(name)] if 0 <= line < 1_000_000 and len(file) + len(name) < 1_000:
            return _told(file), line, _told(name)
        case _:
            raise wire.MalformedError("a frame that is none")


def _told(text: str) -> str:
    return wire.speakable(text).replace("\0", "\ufffd")
