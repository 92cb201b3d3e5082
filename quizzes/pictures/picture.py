"""What a picture is made of: shapes in the picture's own units, a sentence that says the same, and the table behind it.

Shapes carry a `tone`, which the style sheet turns into a colour *and* a look that does without one: filled, outlined,
dashed, hatched.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 420, 210  # narrow, so that the words stay readable on a phone
LEFT, RIGHT, TOP, BOTTOM = 40, 18, 16, 34


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    tone: str = "main"
    title: str = ""  # shown when pointed at; the table says it as well


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: str = "grid"


@dataclass(frozen=True)
class Path:
    points: str  # "x,y x,y …"
    tone: str = "main"


@dataclass(frozen=True)
class Dot:
    """A circle, or a square where two kinds stand in one picture."""

    x: float
    y: float
    tone: str = "main"
    title: str = ""
    radius: float = 4

    @property
    def is_square(self) -> bool:
        return self.tone == "other"

    @property
    def corner(self) -> tuple[float, float, float]:
        return round(self.x - self.radius, 1), round(self.y - self.radius, 1), 2 * self.radius


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str = "middle"
    tone: str = ""


@dataclass(frozen=True)
class Key:
    """One line of the legend: a swatch in the tone, and its words."""

    tone: str
    text: str
    shape: str = "bar"  # bar, line, dot or square


@dataclass(frozen=True)
class Picture:
    """`name` is its address; `rows` the table, under `columns`; without rows there is nothing to draw and `empty` says
    why. `axis` says in words what runs along the bottom and up the side."""

    name: str
    title: str
    sentence: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    axis: str = ""
    empty: str = ""
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    paths: Sequence[Path] = ()
    dots: Sequence[Dot] = ()
    labels: Sequence[Label] = ()
    keys: Sequence[Key] = ()
    notes: Sequence[str] = ()
    width: float = WIDTH
    height: float = HEIGHT
    is_wide: bool = False
    reads_from_left: bool = False  # where a wide picture begins if not all of it fits; else the latest comes first

    @property
    def is_empty(self) -> bool:
        return not self.rows


@dataclass
class Axes:
    """The frame of a chart: `x` and `y` turn data into places, and grid lines with their labels are collected."""

    low: float
    high: float
    top: float  # the largest value
    bottom: float = 0.0
    lines: list[Line] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def x(self, value: float) -> float:
        span = self.high - self.low or 1
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - self.low) / span, 1)

    def y(self, value: float) -> float:
        span = self.top - self.bottom or 1
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - self.bottom) / span, 1)

    def grid(self, values: Sequence[float], words: Sequence[str]) -> None:
        for value, word in zip(values, words, strict=True):
            self.lines.append(Line(LEFT, self.y(value), WIDTH - RIGHT, self.y(value)))
            self.labels.append(Label(LEFT - 6, self.y(value) + 4, word, "end"))

    def ticks(self, values: Sequence[float], words: Sequence[str]) -> None:
        for value, word in zip(values, words, strict=True):
            self.labels.append(Label(self.x(value), HEIGHT - BOTTOM + 17, word))

    def path(self, points: Sequence[tuple[float, float]], tone: str = "main") -> Path:
        return Path(" ".join(f"{self.x(x)},{self.y(y)}" for x, y in points), tone)

    def bar(self, low: float, high: float, value: float, tone: str, title: str, base: float = 0.0) -> Bar:
        """From `low` to `high` along the bottom, `value` up from `base`; what is more than nothing is seen."""
        left, right, top, foot = self.x(low), self.x(high), self.y(base + value), self.y(base)
        if value > 0:
            top = min(top, foot - 1.5)
        return Bar(left, top, round(right - left, 1), round(foot - top, 1), tone, title)


def counting(most: float) -> list[float]:
    """Round values for a scale from 0 that holds `most`: at most six of them."""
    if most <= 0:
        return [0, 1]
    raw = most / 4
    size = 10 ** math.floor(math.log10(raw))
    step = next(one * size for one in (1, 2, 5, 10) if one * size >= raw)
    step = max(1, step)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def count_axes(low: float, high: float, most: float) -> Axes:
    """Axes for counts, with their grid."""
    values = counting(most)
    axes = Axes(low, high, values[-1])
    axes.grid(values, [f"{value:,.0f}" for value in values])
    return axes


def share_axes(low: float, high: float, bottom: float = 0.0) -> Axes:
    """Axes for shares from `bottom` to 1, with a grid in per cent."""
    axes = Axes(low, high, 1.0, bottom)
    values = [bottom + (1 - bottom) * step / 4 for step in range(5)]
    axes.grid(values, [f"{100 * value:.0f}" for value in values])
    return axes


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def plural(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
