"""The pool: one warm zygote per runtime for this process, started when first asked for, replaced when it fails."""

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
import weakref

from codelabs.sandbox import bubblewrap
from codelabs.sandbox.box import Box
from codelabs.sandbox.job import Limits
from codelabs.sandbox.keeper import Keeper
from codelabs.sandbox.outcome import Unavailable

SWITCH = "SANDBOX_BUBBLEWRAP"
AHEAD = 2
TRIES = 3
FAILURE_SECONDS = 30
BOXES_BETWEEN_CHECKS = 200

# Sources of the site's own by module name. Zygotes started from now on compile them once, for all boxes to load.
library: dict[str, str] = {}

_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()
_abandoned: list[Keeper] = []  # never freed, so that nothing tidies up what belongs to another process


class Pool:
    """Thread-safe. `outer` False leaves bubblewrap out; None uses it where it works, unless SANDBOX_BUBBLEWRAP=off.

    Without `warm_up` a zygote imports its runtime and no more, for those who will fork from it only once.
    """

    def __init__(self, *, outer: bool | None = None, ahead: int = AHEAD, warm_up: bool = True) -> None:
        self._warm_up = warm_up
        self._outer = outer
        self._ahead = ahead
        self._lock = threading.Lock()
        self._keepers: dict[str, Keeper] = {}
        self._failures: dict[str, tuple[float, str]] = {}
        self._closed = False
        self._boxes = 0
        _pools.add(self)

    def box(self, runtime: str, limits: Limits | None = None) -> Box:
        """A fresh box. Raises Unavailable with a sentence that says why there is none."""
        for _ in range(TRIES):
            keeper = self.keeper(runtime)
            try:
                child = keeper.child((limits or Limits()).threads)
            except BrokenPipeError:
                self._drop(runtime, keeper)
                continue
            except OSError as problem:
                raise Unavailable(f"This host is short of something the sandbox needs: {problem}") from problem
            try:
                self._look_after(runtime, keeper)
                return Box(child, limits or Limits())
            except PermissionError as problem:
                child.close()
                raise Unavailable(f"A wall of the sandbox does not stand on this host: {problem}") from problem
            except OSError:
                child.close()
                self._drop(runtime, keeper)
        raise Unavailable(f"The {runtime} runtime keeps failing on this host.")

    def keeper(self, runtime: str) -> Keeper:
        """The keeper of this runtime's warm zygote, started now if there is none. Raises Unavailable."""
        keeper = self.warm(runtime)
        try:
            keeper.wait()
        except Unavailable as problem:
            with self._lock:
                self._failures[runtime] = (time.monotonic(), problem.reason)
            raise
        return keeper

    def warm(self, runtime: str) -> Keeper:
        """Start this runtime's zygote if there is none, and do not wait for it. Raises Unavailable."""
        if sys.platform != "linux":
            raise Unavailable("The sandbox needs Linux, so labs cannot run here.")
        with self._lock:
            if self._closed:
                raise Unavailable("The sandbox has been closed.")
            failed = self._failures.get(runtime)
            if failed is not None and time.monotonic() - failed[0] < FAILURE_SECONDS:
                raise Unavailable(failed[1])
            keeper = self._keepers.get(runtime)
            if keeper is None or not keeper.alive:
                keeper = self._keepers[runtime] = Keeper(
                    runtime, outer=self.outer(), ahead=self._ahead, library=dict(library), warm_up=self._warm_up
                )
        return keeper

    def outer(self) -> bool:
        """Whether boxes of this pool stand inside bubblewrap."""
        if self._outer is None:
            wanted = os.environ.get(SWITCH, "on").lower() not in ("off", "0", "no", "false")
            try:
                self._outer = wanted and bubblewrap.user_namespace() is not None
            except Unavailable:
                self._outer = False
        return self._outer

    def close(self) -> None:
        with self._lock:
            self._closed = True
            keepers = list(self._keepers.values())
            self._keepers.clear()
        for keeper in keepers:
            keeper.close()

    def abandon(self) -> None:
        """In a forked copy of this process: the zygotes are the original's, and this copy starts its own."""
        for keeper in self._keepers.values():
            keeper.abandon()
            _abandoned.append(keeper)
        self._keepers = {}
        self._lock = threading.Lock()

    def _look_after(self, runtime: str, keeper: Keeper) -> None:
        """Every so often: has this zygote grown? Then the next box comes from a new one."""
        self._boxes += 1
        if self._boxes % BOXES_BETWEEN_CHECKS == 0 and keeper.grown():
            with self._lock:
                if self._keepers.get(runtime) is keeper:
                    del self._keepers[runtime]
            keeper.retire()

    def _drop(self, runtime: str, keeper: Keeper) -> None:
        with self._lock:
            if self._keepers.get(runtime) is keeper:
                del self._keepers[runtime]
        keeper.close()


_pool: Pool | None = None
_making = threading.Lock()


def pool() -> Pool:
    """This process's pool."""
    global _pool
    with _making:
        if _pool is None:
            _pool = Pool()
            atexit.register(_close_at_exit, _pool)
        return _pool


def _close_at_exit(pool: Pool) -> None:
    """The process ends as it was asked to; being asked once more would only break the closing off."""
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
        _ignore(number)
    pool.close()


def _ignore(number: int) -> None:
    with contextlib.suppress(ValueError):  # not in the main thread, where no handler interrupts either
        while True:
            try:
                signal.signal(number, signal.SIG_IGN)
            except (SystemExit, KeyboardInterrupt):
                continue  # asked once more just now: the old handler has had its say, and is taken off after all
            return


def _after_fork() -> None:
    """A forked worker keeps its pool and gets zygotes of its own."""
    global _making
    _making = threading.Lock()
    for each in list(_pools):
        each.abandon()


os.register_at_fork(after_in_child=_after_fork)
