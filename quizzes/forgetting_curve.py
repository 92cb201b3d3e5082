"""The forgetting curve of one card: predicted recall from its first rating on, past each review, to a little after it
is due. Pure numbers; a template draws them and lists them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.scheduling import Memory, Settings, StudyClock, retrievability

WIDTH, HEIGHT = 640, 200  # of the drawing, in its own units
LEFT, TOP = 40, 10
STEPS = 48  # straight pieces of the curve between two reviews, at most
SHOWN_AFTER_DUE = 0.35  # of the interval


@dataclass(frozen=True)
class Piece:
    """Between two reviews, or from the last one on. `points` are "x,y" pairs of the drawing; `recall` is what was
    left, in per cent, on its last day. `ahead` says that it lies in the future, at least in part."""

    first: dt.date
    last: dt.date
    points: str
    recall: int
    ahead: bool


@dataclass(frozen=True)
class Curve:
    """`today` and `due` are places along the x axis; `target` is the height of the recall aimed at."""

    pieces: list[Piece]
    reviews: list[float]
    today: float
    due: float | None
    target: float
    first: dt.date
    last: dt.date
    rows: list[tuple[dt.date, int]]

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP

    @property
    def bottom(self) -> int:
        return TOP + HEIGHT

    @property
    def right(self) -> int:
        return LEFT + WIDTH


def curve(memories: Sequence[Memory], today: dt.date, clock: StudyClock, settings: Settings) -> Curve | None:
    """The curve through the memories after each rating that stands, in order; None before the first day is over."""
    seen = [memory for memory in memories if memory.last_day and memory.stability]
    days = [memory.last_day for memory in seen if memory.last_day]
    if not days:
        return None
    last_memory = seen[-1]
    ahead = max(1, round((1 + SHOWN_AFTER_DUE) * max(last_memory.interval_days, 1)))
    first, last = days[0], max(days[-1] + dt.timedelta(days=ahead), today + dt.timedelta(days=1))
    span = max(1, (last - first).days)

    def x(day: dt.date) -> float:
        return round(LEFT + WIDTH * (day - first).days / span, 1)

    def recall(memory: Memory, day: dt.date) -> float:
        return retrievability(memory, clock.start_of(day), clock, settings)

    pieces = []
    for number, memory in enumerate(seen):
        start = days[number]
        end = days[number + 1] if number + 1 < len(days) else last
        length = (end - start).days
        stops = sorted({round(length * step / STEPS) for step in range(STEPS + 1)})
        found = [(start + dt.timedelta(days=stop), recall(memory, start + dt.timedelta(days=stop))) for stop in stops]
        points = " ".join(f"{x(day)},{y(value)}" for day, value in found)
        pieces.append(Piece(start, end, points, round(100 * found[-1][1]), end > today))
    return Curve(
        pieces=pieces,
        reviews=[x(day) for day in days],
        today=x(min(max(today, first), last)),
        due=x(last_memory.due_day) if last_memory.due_day and last_memory.due_day <= last else None,
        target=y(settings.desired_retention),
        first=first,
        last=last,
        rows=_rows(last_memory, days[-1], last, recall),
    )


def y(recall: float) -> float:
    return round(TOP + HEIGHT * (1 - recall), 1)


def _rows(memory: Memory, start: dt.date, last: dt.date, recall: object) -> list[tuple[dt.date, int]]:
    """The table behind the last piece: about a dozen days."""
    assert callable(recall)
    length = (last - start).days
    stops = sorted({round(length * step / 11) for step in range(12)})
    days = [start + dt.timedelta(days=stop) for stop in stops]
    return [(day, round(100 * recall(memory, day))) for day in days]
