"""The zygote: the process inside the box that has its runtime imported and warm, and forks a child for each job.

It has one thread, reads only what its parent sends over the control socket, and never what a child says.

    parent                                  zygote                           child
    setup (JSON) ─────────────────────────▶ privileges down, import, warm
      ◀───────────────────────── ready (JSON, its own pidfd)
    fork + [line, output, status] ────────▶ fork ──────────────────────────▶ walls up
      ◀───────────────────────────── its pidfd                                "R" on the line
                                            waits; exit status and resource
      ◀──────────────────────────── usage into the status pipe ◀───────────── ends
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from codelabs.sandbox import walls

STATUS = struct.Struct("=iddq")  # wait status, user and system CPU seconds, peak memory in KiB
MESSAGE_BYTES = 1 << 18
READY = b"R"


class Shelf:
    """Finds the packages of this runtime and no others, wherever they are installed."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None and name in self.places:
            return PathFinder.find_spec(name, [self.places[name]], target)
        return None


class Zygote:
    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.setup: dict[str, Any] = json.loads(control.recv(MESSAGE_BYTES))
        self.poll = select.poll()
        self.children: dict[int, tuple[int, int]] = {}  # pidfd → process id, status pipe

    def prepare(self) -> None:
        walls.give_up_privileges()
        sys.meta_path.append(Shelf(self.setup["packages"]))
        _import(self.setup["runtime"], warm_up=self.setup["warm_up"])
        self.ruleset = walls.landlock_ruleset(self.setup["readable"])
        self.filters = [walls.Filter(bytes.fromhex(program)) for program in self.setup["filters"]]
        child = importlib.import_module("codelabs.sandbox.child")
        self.serve_child = child.serve
        for name, source in self.setup["library"].items():
            child.learn(name, source)
        gc.collect()
        gc.freeze()
        ready = json.dumps({"ready": True, "landlock": walls.landlock_version()}).encode()
        myself = os.pidfd_open(os.getpid())
        socket.send_fds(self.control, [ready], [myself])
        os.close(myself)

    def run(self) -> None:
        """Fork when asked and report every child's end, until the parent hangs up."""
        self.poll.register(self.control, select.POLLIN)
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor in self.children:
                    self._report(descriptor)
                else:
                    self._obey()

    def _obey(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self.control, 64, 3)
        if not message:
            os._exit(0)  # the children die with this process
        if len(descriptors) == 3:
            self._fork(*descriptors, threads=int(message))

    def _fork(self, line: int, output: int, status: int, *, threads: int) -> None:
        myself = os.getpid()
        child = os.fork()
        if child == 0:
            self._be_child(line, output, myself, threads)
        os.close(line)
        os.close(output)
        pidfd = os.pidfd_open(child)
        self.children[pidfd] = child, status
        self.poll.register(pidfd, select.POLLIN)
        socket.send_fds(self.control, [b"forked"], [pidfd])

    def _be_child(self, line: int, output: int, parent: int, threads: int) -> None:
        try:
            # Out of the way first: any of these may by chance sit on a place that another is to take.
            # A new descriptor of /dev/null each time: flags set on a shared one would outlive this child.
            null = os.open("/dev/null", os.O_RDONLY)
            line, output, null, ruleset = (
                fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (line, output, null, self.ruleset)
            )
            for one, place in ((null, 0), (output, 1), (output, 2), (line, 3)):
                os.dup2(one, place)
            walls.die_with_parent(parent)
            walls.hide_from_peers()
            walls.enter_landlock(ruleset)
            walls.close_all_but(4)
            walls.lower_limits(threads=threads)
            self.filters[1 if threads else 0].load()
            os.write(3, READY)
        except BaseException as problem:  # noqa: BLE001 -- say why on the line, and run nothing
            os.write(3, f"{type(problem).__name__}: {problem}".encode())
            os._exit(1)
        try:
            self.serve_child()
        finally:
            os._exit(1)

    def _report(self, pidfd: int) -> None:
        child, status = self.children.pop(pidfd)
        self.poll.unregister(pidfd)
        _, ending, usage = os.wait4(child, 0)
        with contextlib.suppress(OSError):  # the parent may have closed this box, and ask no more
            os.write(status, STATUS.pack(ending, usage.ru_utime, usage.ru_stime, usage.ru_maxrss))
        os.close(pidfd)
        os.close(status)


def _import(runtime: str, *, warm_up: bool) -> None:
    from codelabs.sandbox import warm  # noqa: PLC0415 -- imports NumPy, which must wait for the shelf

    tempfile.tempdir = "/tmp"  # noqa: S108 -- never used, but torch asks, and looking for one means writing
    if warm_up:
        warm.warm_numpy()
    torch = None
    if runtime == "torch":
        torch = importlib.import_module("torch")
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        if warm_up:
            warm.warm_torch(torch)
    importlib.import_module("safetensors")
    warm.as_new(torch)


def main(control: int, parent: int) -> None:
    """`control` is the inherited socket; `parent` the process id to die with, 0 where bubblewrap sees to that."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    if parent:
        walls.die_with_parent(parent)
    zygote = Zygote(socket.socket(fileno=control))
    try:
        zygote.prepare()
    except BaseException as problem:  # noqa: BLE001 -- whatever it is, the parent must read why
        reason = f"{type(problem).__name__}: {problem}"
        zygote.control.send(json.dumps({"ready": False, "reason": reason[:2_000]}).encode())
        os._exit(1)
    zygote.run()
