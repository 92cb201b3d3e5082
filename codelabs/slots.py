"""Room for gradings in this process: a web process that grades must keep threads for everything else it serves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 2
VISITORS_AT_MOST = 2


class Slots:
    """Thread-safe. `number` gradings at once; people without an account have at most two, and never all, of them.

    Who finds none free waits a little. Only half as many may wait as grade, since they occupy threads too, and visitors
    beyond their share do not wait at all.
    """

    def __init__(self, number: int, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._free = threading.BoundedSemaphore(number)
        self._for_visitors = threading.BoundedSemaphore(min(VISITORS_AT_MOST, max(1, number - 1)))
        self._waiting = threading.BoundedSemaphore(max(1, number // 2))

    @contextmanager
    def slot(self, *, visitor: bool) -> Iterator[bool]:
        """Hold a slot during the block; False if there was none to have."""
        if visitor and not self._for_visitors.acquire(blocking=False):
            yield False
            return
        try:
            taken = self._take()
            try:
                yield taken
            finally:
                if taken:
                    self._free.release()
        finally:
            if visitor:
                self._for_visitors.release()

    def _take(self) -> bool:
        if self._free.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=self._patience_seconds)
        finally:
            self._waiting.release()
