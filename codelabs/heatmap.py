"""A picture of where an answer is wrong: a grid of errors as squares in ten shades, with a sentence that says the same.

Pure: numbers in, coordinates and words out. The page draws the squares; the style sheet colours the shades.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SHADES = 10  # heat-0 is “no error”, heat-9 the largest
PITCH = 16  # from one square to the next, in the units of the drawing
SIDE = 14


@dataclass(frozen=True)
class Square:
    x: int
    y: int
    shade: str


@dataclass(frozen=True)
class HeatMap:
    """`description` is the picture in words."""

    description: str
    width: int
    height: int
    side: int
    squares: tuple[Square, ...]


def draw(errors: Sequence[Sequence[float]]) -> HeatMap:
    """Draw `errors` (rows, columns): each error as a fraction of the largest, 0 where the answer is right."""
    columns = max((len(row) for row in errors), default=0)
    return HeatMap(
        description=_describe(errors, columns),
        width=max(columns * PITCH - (PITCH - SIDE), 0),
        height=max(len(errors) * PITCH - (PITCH - SIDE), 0),
        side=SIDE,
        squares=tuple(
            Square(column * PITCH, row * PITCH, f"heat-{_shade(error)}")
            for row, line in enumerate(errors)
            for column, error in enumerate(line)
        ),
    )


def _shade(error: float) -> int:
    if error <= 0:
        return 0
    # At least 1: a small error must never look like none.
    return min(SHADES - 1, max(1, math.ceil((SHADES - 1) * error)))


def _describe(errors: Sequence[Sequence[float]], columns: int) -> str:
    """Which squares are wrong, in one sentence; rows and columns count from 0, as the learner's arrays do."""
    wrong = [(row, column) for row, line in enumerate(errors) for column, error in enumerate(line) if error > 0]
    rows = sorted({row for row, _ in wrong})
    size = f"{_count(len(errors), 'row')} by {_count(columns, 'column')}"
    if not wrong:
        return f"{size}; no square differs."
    where = "every row" if len(rows) == len(errors) else f"{'rows' if len(rows) > 1 else 'row'} {_listed(rows)}"
    largest = max(wrong, key=lambda place: errors[place[0]][place[1]])
    return (
        f"{size}; {len(wrong)} of {sum(map(len, errors))} squares differ, in {where}; "
        f"the largest error is in row {largest[0]}, column {largest[1]}."
    )


def _listed(numbers: Sequence[int]) -> str:
    shown = [str(number) for number in numbers]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
