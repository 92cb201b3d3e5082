"""A forked child as its parent holds it."""

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass
from typing import Protocol

from codelabs.sandbox import proc
from codelabs.sandbox.zygote import READY

READY_SECONDS = 20


class Minder(Protocol):
    """Who a child is from and goes back to."""

    def condemn(self) -> None: ...

    def discard(self, child: "Child") -> None: ...

    def child_closed(self) -> None: ...


@dataclass
class Child:
    """A forked process as its parent holds it: three descriptors, its pidfd, its process id here.

    `counted` are the CPU seconds up to its last answer, for what it uses while nothing is asked counts with the next.
    Once greeted its walls are up, and `pages` is what it had of its zygote: address space, resident, shared with files.
    """

    line: socket.socket
    output: int
    status: int
    pidfd: int
    pid: int
    keeper: Minder
    pages: tuple[int, int, int] = (0, 0, 0)
    counted: float = 0.0

    def greet(self) -> None:
        """Wait for its walls. Raises PermissionError if one does not stand, BrokenPipeError if it is gone."""
        if self.pages != (0, 0, 0):
            return
        waiting = select.poll()
        waiting.register(self.line, select.POLLIN)
        if not waiting.poll(READY_SECONDS * 1_000):
            raise BrokenPipeError("the child does not answer")
        said = self.line.recv(2_000)
        if not said:
            raise BrokenPipeError("the child is gone")
        if said != READY:
            raise PermissionError(said.decode("utf-8", "replace"))
        self.pages = proc.pages(self.pid)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> None:
        """Kill it and let go of it."""
        self.kill()
        self.line.close()
        for descriptor in (self.output, self.status, self.pidfd):
            os.close(descriptor)
        self.keeper.child_closed()
