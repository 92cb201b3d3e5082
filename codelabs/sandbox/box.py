"""A box as its user holds it: one child of a warm zygote, measured, limited and ended from outside."""

import contextlib
import os
import re
import resource
import secrets
import select
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codelabs.sandbox import wire
from codelabs.sandbox.job import Answer, Limits, Raised
from codelabs.sandbox.keeper import Child
from codelabs.sandbox.outcome import Outcome
from codelabs.sandbox.zygote import READY, STATUS

READY_SECONDS = 20
REPORT_SECONDS = 5
HANG_UP_SECONDS = 1
PIECE = 1 << 18
ENDINGS = {
    "ok": Outcome.OK,
    "raised": Outcome.RAISED,
    "exited": Outcome.EXITED,
    "memory": Outcome.MEMORY,
    "unsendable": Outcome.MALFORMED,
}
SIGNALS = {9: Outcome.MEMORY, 24: Outcome.CPU_TIME, 31: Outcome.FORBIDDEN}  # KILL (not ours), XCPU, SYS


class _EndedError(Exception):
    """The child can answer no more."""

    def __init__(self, outcome: Outcome, why: str = "") -> None:
        self.outcome = outcome
        self.why = why


class Box:
    """For one thread at a time. Nothing it does raises: every failure is an Answer with its outcome."""

    def __init__(self, child: Child, limits: Limits) -> None:
        """Raises BrokenPipeError when the child is not there, PermissionError when its walls would not stand."""
        self.limits = limits
        self._child = child
        self._ending: Outcome | None = None
        self._closed = False
        self._clock = (~child.pid << 3) | 2  # the kernel's name for the CPU clock of another process
        self._greet()
        page = resource.getpagesize()
        size, resident = _statm(child.pid)
        self._resident_mb = resident * page / 2**20
        self._peak_mb = 0.0
        room = limits.memory_mb * 2**20 + limits.threads * 16 * 2**20
        start = ["start", size * page + room, limits.cpu_seconds, limits.answer_depth, limits.threads]
        self._child.line.sendall(wire.Packer().frame(start))

    def _greet(self) -> None:
        waiting = select.poll()
        waiting.register(self._child.line, select.POLLIN)
        if not waiting.poll(READY_SECONDS * 1_000):
            raise BrokenPipeError("the child does not answer")
        said = self._child.line.recv(2_000)
        if not said:
            raise BrokenPipeError("the child is gone")
        if said != READY:
            raise PermissionError(said.decode("utf-8", "replace"))

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
            self._child.close()

    @property
    def alive(self) -> bool:
        """Whether another call can be answered."""
        return self._ending is None

    def load(self, name: str, source: str) -> Answer:
        """Run `source` as the module `name`, which later loads and calls can import."""
        return self._ask(["load", name, source], wire.Packer())

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
        arguments come back as the call left them. Raises wire.UnsendableError when an argument cannot travel.
        """
        packer = wire.Packer(depth=1_000)
        nodes = [packer.node(tuple(args)), packer.node(dict(kwargs or {}))]
        return self._ask(["call", target, *nodes, keep, return_arguments], packer)

    def _ask(self, fields: list[Any], packer: wire.Packer) -> Answer:
        if self._ending is not None:
            return Answer(self._ending)
        # A number that only this question has: what was written before it was asked is no answer to it.
        nonce = secrets.randbits(53)
        frame = packer.frame([fields[0], nonce, *fields[1:]])
        exchange = _Exchange(self._child, self.limits, self._clock)
        said: dict[str, Any] = {}
        try:
            skeleton, arrays = exchange.run(frame)
            said = _interpret(skeleton, arrays, nonce, self.limits)
        except _EndedError as ended:
            said = self._end(ended)
        except wire.MalformedError as problem:
            said = self._end(_EndedError(Outcome.MALFORMED, str(problem)))
        self._measure()
        return Answer(
            stdout=exchange.stdout(),
            cpu_seconds=exchange.cpu_seconds,
            wall_seconds=exchange.wall_seconds,
            memory_mb=self._peak_mb,
            **said,
        )

    def _end(self, ended: _EndedError) -> dict[str, Any]:
        self._child.kill()
        self._ending = ended.outcome
        error = Raised(ended.outcome.name.title(), ended.why) if ended.why else None
        return {"outcome": ended.outcome, "error": error}

    def _measure(self) -> None:
        with contextlib.suppress(OSError, TypeError):
            told = Path(f"/proc/{self._child.pid}/status").read_bytes()
            peak = re.search(rb"^VmHWM:\s*(\d+) kB", told, re.MULTILINE)
            self._peak_mb = max(self._peak_mb, int(peak[1]) / 1024 - self._resident_mb) if peak else self._peak_mb


class _Exchange:
    """One question and its answer, with everything that the child may do instead of answering."""

    def __init__(self, child: Child, limits: Limits, clock: int) -> None:
        self.child = child
        self.limits = limits
        self.clock = clock
        self.cpu_seconds = self.wall_seconds = 0.0
        self._printed = bytearray()
        self._heard = bytearray()
        self._sizes: tuple[int, int] | None = None
        self._since = time.monotonic()
        self._cpu_before = self._cpu()

    def stdout(self) -> str:
        return self._printed[: self.limits.output_bytes].decode("utf-8", "replace").replace("\0", "\ufffd")

    def run(self, frame: bytes) -> tuple[bytes, bytes]:
        """The answer's skeleton and arrays. Raises _EndedError and wire.MalformedError."""
        try:
            self._converse(memoryview(frame))
            self._listen_to_output()
        finally:
            self.wall_seconds = time.monotonic() - self._since
            self.cpu_seconds = max(self._cpu() - self._cpu_before, self.cpu_seconds)
        skeleton, _ = self._sizes or (0, 0)
        heard = bytes(self._heard)
        return heard[wire.HEADER.size : wire.HEADER.size + skeleton], heard[wire.HEADER.size + skeleton :]

    def _converse(self, rest: memoryview) -> None:
        line, output = self.child.line, self.child.output
        rest = self._speak(rest)
        waiting = select.poll()
        waiting.register(line, select.POLLIN | select.POLLOUT if rest else select.POLLIN)
        waiting.register(output, select.POLLIN)
        while not self._complete():
            for descriptor, event in waiting.poll(self._patience()):
                if descriptor == output:
                    if event & select.POLLIN:
                        self._listen_to_output()
                    else:
                        waiting.unregister(output)
                    continue
                if rest and event & select.POLLOUT:
                    rest = self._speak(rest)
                    if not rest:
                        waiting.modify(line, select.POLLIN)
                if event & ~select.POLLOUT:
                    self._listen()
            self._watch()

    def _speak(self, rest: memoryview) -> memoryview:
        try:
            return rest[self.child.line.send(rest) :]
        except BlockingIOError:
            return rest
        except OSError:
            return rest[:0]  # hung up; reading says why

    def _listen(self) -> None:
        try:
            piece = self.child.line.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._bury()
        self._heard += piece
        if self._sizes is None and len(self._heard) >= wire.HEADER.size:
            self._sizes = wire.sizes(bytes(self._heard[: wire.HEADER.size]), self.limits.answer_bytes)
        if self._sizes is not None and len(self._heard) > wire.HEADER.size + sum(self._sizes):
            raise wire.MalformedError("more than one answer")

    def _complete(self) -> bool:
        return self._sizes is not None and len(self._heard) == wire.HEADER.size + sum(self._sizes)

    def _listen_to_output(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while len(self._printed) <= self.limits.output_bytes:
                piece = os.read(self.child.output, 65_536)
                if not piece:
                    return
                self._printed += piece
        if len(self._printed) > self.limits.output_bytes:
            raise _EndedError(Outcome.OUTPUT)

    def _patience(self) -> float:
        """Milliseconds until a limit could be passed at the earliest."""
        wall = self._since + self.limits.wall_seconds - time.monotonic()
        cpu = (self.limits.cpu_seconds - self._used()) / (1 + self.limits.threads)
        return max(0.0, min(wall, cpu)) * 1_000 + 1

    def _watch(self) -> None:
        if self._complete():
            return
        if self._used() > self.limits.cpu_seconds:
            raise _EndedError(Outcome.CPU_TIME)
        if time.monotonic() - self._since > self.limits.wall_seconds:
            raise _EndedError(Outcome.WALL_TIME)

    def _used(self) -> float:
        return self._cpu() - self._cpu_before

    def _cpu(self) -> float:
        """CPU seconds of the child so far, as the kernel counts them."""
        try:
            return time.clock_gettime(self.clock)
        except OSError:
            return 0.0

    def _bury(self) -> None:
        """The child hung up: learn from its zygote how it ended."""
        with contextlib.suppress(_EndedError):
            self._listen_to_output()
        told = self._report(HANG_UP_SECONDS)
        if told is None:
            self.child.kill()  # it lives on without a line to us, of its own doing
            raise _EndedError(
                Outcome.BROKEN if self._report(REPORT_SECONDS) is None else Outcome.MALFORMED, "it closed the line"
            )
        if not told:
            raise _EndedError(Outcome.BROKEN, "its zygote is gone")
        ending, user, system, _ = STATUS.unpack(told)
        self.cpu_seconds = max(0.0, user + system - self._cpu_before)
        if os.WIFEXITED(ending):
            raise _EndedError(Outcome.EXITED)
        outcome = SIGNALS.get(os.WTERMSIG(ending), Outcome.CRASHED)
        if outcome is Outcome.CRASHED and (b"bad_alloc" in self._printed or b"MemoryError" in self._printed[-500:]):
            outcome = Outcome.MEMORY  # a C++ library that runs out of memory aborts
        raise _EndedError(outcome)

    def _report(self, seconds: float) -> bytes | None:
        """The zygote's report, b"" when the zygote itself is gone, None when there is none yet."""
        waiting = select.poll()
        waiting.register(self.child.status, select.POLLIN)
        if not waiting.poll(seconds * 1_000):
            return None
        return os.read(self.child.status, STATUS.size)


def _interpret(skeleton: bytes, arrays: bytes, nonce: int, limits: Limits) -> dict[str, Any]:
    """The answer in its parts. Raises wire.MalformedError."""
    fields = wire.parse(skeleton)
    if len(fields) != 6 or fields[0] != nonce or not isinstance(fields[1], str) or fields[1] not in ENDINGS:
        raise wire.MalformedError("not an answer to this call")
    unpacker = wire.Unpacker(wire.unpack_arrays(arrays, limits), limits.answer_depth)
    arguments, keywords = unpacker.value(fields[3]), unpacker.value(fields[4])
    if not isinstance(arguments, tuple | None) or not isinstance(keywords, dict | None):
        raise wire.MalformedError("arguments that are none")
    return {
        "outcome": ENDINGS[fields[1]],
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
        case [str(file), int(line), str(name)]:
            return _told(file), line, _told(name)
        case _:
            raise wire.MalformedError("a frame that is none")


def _told(text: str) -> str:
    return wire.speakable(text).replace("\0", "\ufffd")


def _statm(pid: int) -> tuple[int, int]:
    """Pages of address space, and resident pages, of a process."""
    try:
        size, resident, *_ = Path(f"/proc/{pid}/statm").read_bytes().split()
    except OSError as problem:
        raise BrokenPipeError("the child is gone") from problem
    return int(size), int(resident)
