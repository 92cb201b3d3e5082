"""A keeper minds one zygote from outside: starts it, has it fork children, keeps a few forked ahead, and ends it."""

import collections
import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from codelabs.sandbox import launching, proc, runtimes, syscalls
from codelabs.sandbox.held import Child
from codelabs.sandbox.outcome import Unavailable
from codelabs.sandbox.zygote import MESSAGE_BYTES

START_SECONDS = 120
FORK_SECONDS = 10
GROWN_MB = 64
DELAY_SECONDS = 0.01  # forking ahead and burying wait so long, for whoever took a child is at work just then


class Keeper:
    """Thread-safe. A thread of its own starts the zygote, since a process dies with the *thread* that it is tied to,
    and forks ahead whenever children have been taken."""

    def __init__(
        self, runtime: str, *, outer: bool, ahead: int, library: Mapping[str, str], warm_up: bool = True
    ) -> None:
        """`library` are sources by module name, which the zygote compiles once so that boxes need not."""
        self.library = library
        self.warm_up = warm_up
        self.runtime = runtimes.runtime(runtime)
        self.outer = outer
        self.ahead = ahead
        self.pid = 0
        self.failure: str | None = None
        self._asking = threading.Lock()
        self._counting = threading.Lock()
        self._children = 0
        self._retired = False
        self._resident_mb = 0.0
        self._stock: collections.deque[Child] = collections.deque()
        self._done: collections.deque[Child] = collections.deque()
        self._started = threading.Event()
        self._wanted = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._mind, name=f"keeper-{runtime}", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until the zygote is warm. Raises Unavailable when it cannot be."""
        if not self._started.wait(START_SECONDS + 10):
            raise Unavailable(f"The {self.runtime.name} runtime takes too long to start.")
        if self.failure is not None:
            raise Unavailable(self.failure)

    @property
    def alive(self) -> bool:
        if self.failure is not None or self._closed or self._retired:
            return False
        return not self._started.is_set() or self.process.poll() is None

    def child(self, threads: int = 0) -> Child:
        """A child nobody has used. Raises BrokenPipeError when the zygote is gone or does not answer."""
        if not threads:
            with contextlib.suppress(IndexError):
                child = self._stock.popleft()
                self._wanted.set()
                return child
        return self._fork(threads)

    def condemn(self) -> None:
        """It failed a child: whatever is wrong with it, it is not to be asked again."""
        self._retired = True
        self.process.kill()
        self._wanted.set()

    def retire(self) -> None:
        """Take no more work, and end when the last child has."""
        self._retired = True
        self._wanted.set()
        if not self._children:
            self.close()

    def grown(self) -> bool:
        """Whether the zygote has become much larger than it was when warm."""
        try:
            return proc.private_mb(self.pid) > self._resident_mb + GROWN_MB
        except OSError:
            return True

    def discard(self, child: Child) -> None:
        """Take back a child that has done its work. Ending a process takes as long as a small case, so nobody waits."""
        self._done.append(child)
        self._wanted.set()
        if self._closed:
            self._bury()

    def child_closed(self) -> None:
        with self._counting:
            self._children -= 1
        if self._retired and not self._children:
            self.close()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._wanted.set()
        if self._started.is_set() and self.failure is None:
            self.process.kill()
            self.process.wait()
            self.control.close()
        self._empty_stock()
        self._bury()

    def _empty_stock(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._stock.popleft().close()

    def _bury(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._done.popleft().close()

    def abandon(self) -> None:
        """In a forked copy of this process: let go of what belongs to the original, and touch nothing of it."""
        if self._started.is_set() and self.failure is None:
            self.process.returncode = 0
            self.control.close()
            for child in (*self._stock, *self._done):
                child.line.close()
                for descriptor in (child.output, child.status, child.pidfd):
                    os.close(descriptor)

    def _mind(self) -> None:
        try:
            self._start()
        except Exception as problem:  # noqa: BLE001 -- nobody waits here for it; whoever waits for the zygote is told
            self.failure = str(problem) or type(problem).__name__
            return
        finally:
            self._started.set()
        self._wanted.set()
        while not self._closed:
            self._wanted.wait()
            time.sleep(DELAY_SECONDS)
            self._wanted.clear()
            self._bury()
            self._fork_ahead()
            if self._retired:
                self._empty_stock()
        self._empty_stock()
        self._bury()

    def _fork_ahead(self) -> None:
        with contextlib.suppress(OSError):  # a zygote that fails is noticed by whoever wants a child
            while len(self._stock) < self.ahead and not self._closed and not self._retired:
                child = self._fork(0)
                try:
                    child.greet()
                except OSError:
                    child.close()
                    return
                self._stock.append(child)

    def _start(self) -> None:
        native = self.runtime.name == "torch"
        filters = [syscalls.program(threads=threads, native_code=native).hex() for threads in (False, True)]
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = launching.launch(self.runtime, theirs.fileno(), outer=self.outer)
        setup = {
            "runtime": self.runtime.name,
            "packages": self.runtime.packages,
            "readable": [*self.runtime.files, *runtimes.library_files(), *runtimes.system_files(), *runtimes.DEVICES],
            "filters": filters,
            "library": self.library,
            "warm_up": self.warm_up,
        }
        try:
            self.control.settimeout(START_SECONDS)
            self.control.send(json.dumps(setup).encode())
            said, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, 1)
        except OSError as problem:
            said, descriptors = json.dumps({"reason": str(problem)}).encode(), []
        self._welcome(said, descriptors)

    def _welcome(self, said: bytes, descriptors: list[int]) -> None:
        assert self.process.stderr is not None
        if descriptors:
            self.pid = proc.pid_of(descriptors[0])
            os.close(descriptors[0])
            self.process.stderr.close()
            self.control.settimeout(FORK_SECONDS)
            self._resident_mb = proc.private_mb(self.pid)
            # When memory runs out, the kernel is to end these and not the site.
            with contextlib.suppress(OSError):
                Path(f"/proc/{self.pid}/oom_score_adj").write_text("1000", encoding="ascii")
            return
        self.process.kill()
        reason = json.loads(said)["reason"] if said else self.process.stderr.read(2_000).decode("utf-8", "replace")
        self.process.stderr.close()
        self.process.wait()
        self.control.close()
        raise Unavailable(f"The {self.runtime.name} runtime could not start: {reason.strip() or 'it ended silently'}")

    def _fork(self, threads: int) -> Child:
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            line, line_end = socket.socketpair()
            ours.callback(line.close)
            theirs.callback(line_end.close)
            pipes = []
            for _ in ("output", "status"):
                read, write = os.pipe2(os.O_CLOEXEC)
                os.set_blocking(read, False)
                ours.callback(os.close, read)
                theirs.callback(os.close, write)
                pipes.append((read, write))
            pidfd = self._ask_for_fork(threads, [line_end.fileno(), *(write for _, write in pipes)])
            ours.callback(os.close, pidfd)
            line.setblocking(False)
            child = Child(line, pipes[0][0], pipes[1][0], pidfd, proc.pid_of(pidfd), self)
            ours.pop_all()
        with self._counting:
            self._children += 1
        return child

    def _ask_for_fork(self, threads: int, descriptors: list[int]) -> int:
        """The new child's pidfd. Raises BrokenPipeError when the zygote is gone or does not answer."""
        try:
            with self._asking:
                socket.send_fds(self.control, [str(threads).encode()], descriptors)
                said, found, _, _ = socket.recv_fds(self.control, 64, 1)
        except OSError as problem:
            self.condemn()  # the next answer would be to this question
            raise BrokenPipeError(str(problem)) from problem
        if said != b"forked" or not found:
            self.condemn()
            raise BrokenPipeError("the zygote hung up")
        return found[0]
