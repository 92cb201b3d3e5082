"""Readiness over time as a picture: the readings of past days, each with its interval, up to the interview."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.models import Reading

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28


@dataclass(frozen=True)
class Mark:
    """A label at a place of an axis, in the picture's units."""

    at: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything that the template draws: `line` and `band` are point lists of SVG."""

    line: str
    band: str
    dots: tuple[tuple[float, float], ...]
    days: tuple[Mark, ...]
    shares: tuple[Mark, ...]
    interview: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def picture(readings: Sequence[Reading], interview: dt.date) -> Picture | None:
    """Of two readings or more; None before."""
    if len(readings) < 2:
        return None
    first = readings[0].study_day
    span = max(1, (interview - first).days)

    def x(day: dt.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    def y(share: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)

    points = [(x(one.study_day), y(one.mean)) for one in readings]
    upper = [(x(one.study_day), y(one.high)) for one in readings]
    lower = [(x(one.study_day), y(one.low)) for one in reversed(readings)]
    return Picture(
        line=_points(points),
        band=_points([*upper, *lower]),
        dots=tuple(points),
        days=(Mark(LEFT, f"{first:%-d %B}"), Mark(WIDTH - RIGHT, f"{interview:%-d %B}")),
        shares=tuple(Mark(y(share / 100), f"{share} %") for share in (0, 25, 50, 75, 100)),
        interview=x(interview),
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
