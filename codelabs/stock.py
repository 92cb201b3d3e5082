"""Sittings prepared ahead, so that no learner waits while the author's code runs and processes start.

Each is drawn from a seed of its own, handed out once, and known to nobody else. A stock is bounded in number, bytes and
age; it is filled by one thread while nobody is being graded, and what belongs to an older text of a lab is thrown away.
"""

import collections
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from codelabs.content import LabData
from codelabs.paper import LabFault
from codelabs.sandbox import Unavailable
from codelabs.sitting import Sitting

PER_LAB = 2
LABS = 8
MOST_BYTES = 64 * 2**20
AGE_SECONDS = 600.0
QUIET_SECONDS = 0.05  # since the last grading, whose answer is on its way to the learner


@dataclass
class _Shelf:
    lab: LabData
    used_at: float
    sittings: collections.deque[tuple[float, Sitting]] = field(default_factory=collections.deque)
    full: bool = False  # preparing more failed or found no room; whoever uses the lab next tries again


class Stock:
    """Thread-safe. `prepare` makes a sitting for a lab, and `clock` gives seconds that never run backwards."""

    def __init__(self, prepare: Callable[[LabData], Sitting], clock: Callable[[], float]) -> None:
        self._prepare = prepare
        self._clock = clock
        self._begin()
        _stocks.add(self)

    def _begin(self) -> None:
        self._shelves: dict[str, _Shelf] = {}  # by slug, the most recently used last
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._gradings = 0
        self._quiet_since = self._clock()
        self._closed = False

    def take(self, lab: LabData) -> Sitting | None:
        """A sitting that nobody else gets, or None if there is none in stock. More are prepared for later."""
        with self._change:
            dropped = [*self._use(lab), *self._drop_old()]
            shelf = self._shelves.get(lab.slug)
            taken = shelf.sittings.popleft()[1] if shelf is not None and shelf.sittings else None
            self._wake()
        _close(dropped)
        return taken

    def notice(self, lab: LabData) -> None:
        """Somebody is reading this lab and may soon send in code: have a sitting ready by then."""
        with self._change:
            dropped = self._use(lab)
            self._wake()
        _close(dropped)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """During the block somebody is being graded, and nothing is prepared."""
        with self._change:
            self._gradings += 1
        try:
            yield
        finally:
            with self._change:
                self._gradings -= 1
                self._quiet_since = self._clock()
                self._change.notify()

    def close(self) -> None:
        """Let go of everything and prepare no more."""
        with self._change:
            self._closed = True
            dropped = [sitting for shelf in self._shelves.values() for _, sitting in shelf.sittings]
            self._shelves.clear()
            self._change.notify()
        _close(dropped)

    def forget(self) -> None:
        """In a forked copy of this process: the sittings are the original's, and this copy draws its own."""
        self._begin()

    def _use(self, lab: LabData) -> list[Sitting]:
        """Make the shelf of this very text of the lab the most recently used one, and drop what is another's."""
        shelf = self._shelves.pop(lab.slug, None)
        dropped: list[Sitting] = []
        if shelf is None or shelf.lab != lab:
            dropped = [sitting for _, sitting in shelf.sittings] if shelf is not None else []
            shelf = _Shelf(lab, self._clock())
        shelf.used_at, shelf.full = self._clock(), False
        if not self._closed:
            self._shelves[lab.slug] = shelf
        return dropped

    def _drop_old(self) -> list[Sitting]:
        """Take down what is too old, the shelves that nobody has used of late, and those beyond the number of labs."""
        oldest = self._clock() - AGE_SECONDS
        few = list(self._shelves)[:-LABS]
        unused = [slug for slug, shelf in self._shelves.items() if shelf.used_at < oldest or slug in few]
        dropped = [sitting for slug in unused for _, sitting in self._shelves.pop(slug).sittings]
        for shelf in self._shelves.values():
            while shelf.sittings and shelf.sittings[0][0] < oldest:
                dropped.append(shelf.sittings.popleft()[1])
        return dropped

    def _wake(self) -> None:
        if not self._closed and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._work, name="stock", daemon=True)
            self._thread.start()
        self._change.notify()

    def _work(self) -> None:
        while (found := self._wait_for_work()) is not None:
            dropped, shelf = found
            _close(dropped)
            if shelf is not None:
                self._fill(shelf)

    def _wait_for_work(self) -> tuple[list[Sitting], _Shelf | None] | None:
        """What to let go of and which shelf to fill; None when the stock is closed."""
        with self._change:
            while not self._closed:
                dropped = self._drop_old()
                lacking = self._lacking()
                patience = self._quiet_since + QUIET_SECONDS - self._clock()
                if dropped or (lacking and not self._gradings and patience <= 0):
                    return dropped, None if dropped else lacking
                self._change.wait(patience if lacking and not self._gradings else AGE_SECONDS / 4)
        return None

    def _lacking(self) -> _Shelf | None:
        shelves = reversed(self._shelves.values())
        return next((shelf for shelf in shelves if not shelf.full and len(shelf.sittings) < PER_LAB), None)

    def _fill(self, shelf: _Shelf) -> None:
        try:
            sitting = self._prepare(shelf.lab)
        except (Unavailable, LabFault):  # whoever is graded next reads why
            shelf.full = True
            return
        with self._change:
            held = sum(sitting.size for shelf in self._shelves.values() for _, sitting in shelf.sittings)
            current = self._shelves.get(shelf.lab.slug) is shelf
            if current and held + sitting.size <= MOST_BYTES:
                shelf.sittings.append((self._clock(), sitting))
                return
            shelf.full = True
        sitting.close()


def _close(sittings: list[Sitting]) -> None:
    for sitting in sittings:
        sitting.close()


_stocks: "weakref.WeakSet[Stock]" = weakref.WeakSet()


def _after_fork() -> None:
    for stock in list(_stocks):
        stock.forget()


os.register_at_fork(after_in_child=_after_fork)
