"""One question to a child and its answer, with everything that the child may do instead of answering."""

import contextlib
import os
import select
import time

from codelabs.sandbox import proc, wire
from codelabs.sandbox.held import Child
from codelabs.sandbox.job import Limits
from codelabs.sandbox.outcome import Outcome
from codelabs.sandbox.zygote import STATUS

REPORT_SECONDS = 5
HANG_UP_SECONDS = 1
COUNT_SECONDS = 0.02  # how often the threads of a box that may have some are counted
PIECE = 1 << 16  # larger ones are mapped anew for each read
SIGNALS = {9: Outcome.MEMORY, 24: Outcome.CPU_TIME, 31: Outcome.FORBIDDEN}  # KILL (not ours), XCPU, SYS


class EndedError(Exception):
    """The child can answer no more."""

    def __init__(self, outcome: Outcome, why: str = "") -> None:
        self.outcome = outcome
        self.why = why


class Exchange:
    def __init__(self, child: Child, limits: Limits, clock: int) -> None:
        self.child = child
        self.limits = limits
        self.clock = clock
        self.cpu_seconds = self.wall_seconds = 0.0
        self.peak_kib = 0  # known only of a process that has ended
        self._printed = bytearray()
        self._heard = bytearray()
        self._sizes: tuple[int, int] | None = None
        self._since = time.monotonic()
        self._cpu_before = child.counted or self._cpu()

    def stdout(self) -> str:
        return self._printed[: self.limits.output_bytes].decode("utf-8", "replace").replace("\0", "\ufffd")

    def speak(self, frame: bytes) -> None:
        """Say as much of the question as goes out at once; `hear` says the rest."""
        self._rest = self._speak(memoryview(frame))

    def begins_within(self, seconds: float) -> bool:
        """Whether the child says anything, or hangs up, within so many seconds, which are to be few: no limit is looked
        at meanwhile. Nothing of it is read yet."""
        if self._rest:
            return False
        waiting = select.poll()
        waiting.register(self.child.line, select.POLLIN)
        return bool(waiting.poll(seconds * 1_000))

    def hear(self) -> tuple[bytes, bytes]:
        """The answer's skeleton and arrays. Raises EndedError and wire.MalformedError."""
        try:
            self._converse(self._rest)
            self._listen_to_output()
        finally:
            self.wall_seconds = time.monotonic() - self._since
            self.child.counted = self._cpu()
            used = self.child.counted - self._cpu_before
            self.cpu_seconds = max(used, self.cpu_seconds)
            if not self.cpu_seconds:
                # A child that ended with its last word took its clock along: it used no more than its threads could.
                self.cpu_seconds = self.wall_seconds * (1 + self.limits.threads)
        if used > self.limits.cpu_seconds:  # an answer that came before anybody looked at the clock
            raise EndedError(Outcome.CPU_TIME)
        skeleton, _ = self._sizes or (0, 0)
        heard = memoryview(self._heard)[wire.HEADER.size :]
        return bytes(heard[:skeleton]), bytes(heard[skeleton:])

    def _converse(self, rest: memoryview) -> None:
        line, output = self.child.line, self.child.output
        while not rest and not self._complete() and self._listen():
            pass  # what has come already came in time, however late it is read
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

    def _listen(self) -> bool:
        """Whether anything was there to be heard."""
        try:
            piece = self.child.line.recv(PIECE)
        except BlockingIOError:
            return False
        except OSError:
            piece = b""
        if not piece:
            self._bury()
        self._heard += piece
        if self._sizes is None and len(self._heard) >= wire.HEADER.size:
            self._sizes = wire.sizes(bytes(self._heard[: wire.HEADER.size]), self.limits.answer_bytes)
        if self._sizes is not None and len(self._heard) > wire.HEADER.size + sum(self._sizes):
            raise wire.MalformedError("more than one answer")
        return True

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
            raise EndedError(Outcome.OUTPUT)

    def _patience(self) -> float:
        """Milliseconds until a limit could be passed at the earliest."""
        wall = self._since + self.limits.wall_seconds - time.monotonic()
        cpu = (self.limits.cpu_seconds - self._used()) / (1 + self.limits.threads)
        soonest = min(wall, cpu, COUNT_SECONDS) if self.limits.threads else min(wall, cpu)
        return max(0.0, soonest) * 1_000 + 1

    def _watch(self) -> None:
        if self._complete():
            return
        if self._used() > self.limits.cpu_seconds:
            raise EndedError(Outcome.CPU_TIME)
        if time.monotonic() - self._since > self.limits.wall_seconds:
            raise EndedError(Outcome.WALL_TIME)
        if self.limits.threads and proc.figure(self.child.pid, b"Threads") > 1 + self.limits.threads:
            raise EndedError(Outcome.THREADS, f"It started more than {self.limits.threads} threads.")

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
        with contextlib.suppress(EndedError):
            self._listen_to_output()
        told = self._report(HANG_UP_SECONDS)
        if told is None:
            self.child.kill()  # it lives on without a line to us, of its own doing
            raise EndedError(
                Outcome.BROKEN if self._report(REPORT_SECONDS) is None else Outcome.MALFORMED, "it closed the line"
            )
        if not told:
            raise EndedError(Outcome.BROKEN, "its zygote is gone")
        ending, user, system, self.peak_kib = STATUS.unpack(told)
        self.cpu_seconds = max(0.0, user + system - self._cpu_before)
        if os.WIFEXITED(ending):
            raise EndedError(Outcome.EXITED)
        outcome = SIGNALS.get(os.WTERMSIG(ending), Outcome.CRASHED)
        if outcome is Outcome.CRASHED and (b"bad_alloc" in self._printed or b"MemoryError" in self._printed[-500:]):
            outcome = Outcome.MEMORY  # a C++ library that runs out of memory aborts
        raise EndedError(outcome)

    def _report(self, seconds: float) -> bytes | None:
        """The zygote's report, b"" when the zygote itself is gone, None when there is none yet."""
        waiting = select.poll()
        waiting.register(self.child.status, select.POLLIN)
        if not waiting.poll(seconds * 1_000):
            return None
        return os.read(self.child.status, STATUS.size)
