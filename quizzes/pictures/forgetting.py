"""The forgetting curve of an average card, and what was really remembered after so many days.

By the model recall depends on the days since the last review only as a multiple of the card's stability. Reviews of all
cards can therefore be laid on the curve of one: a review after twice the stability counts at twice the average card's.
"""

from collections.abc import Callable, Sequence

import numpy as np

from quizzes.fitting.log import Bools
from quizzes.pictures.picture import Dot, Key, Line, Picture, percent, plural, share_axes
from quizzes.readiness.curve import Array

EDGES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)  # multiples of the stability
SHOWN = EDGES[-1]
PIECES = 60


def forgetting(
    elapsed: Array, stability: Array, recalled: Bools, average: float, recall: Callable[[float], float]
) -> Picture:
    """(reviews,) of days since the last review, stability before, and outcome; the `average` stability, and predicted
    recall after so many stabilities."""
    times = elapsed / stability
    place = np.searchsorted(EDGES, times, side="right") - 1
    axes = share_axes(0.0, SHOWN)
    dots: list[Dot] = []
    rows: list[Sequence[object]] = []
    for number in range(len(EDGES) - 1):
        which = place == number
        reviews = int(which.sum())
        if not reviews:
            continue
        middle, share = float(times[which].mean()), float(recalled[which].mean())
        days = f"{_days(EDGES[number] * average)} to {_days(EDGES[number + 1] * average)}"
        expected = recall(middle)
        dots.append(
            Dot(
                axes.x(middle),
                axes.y(share),
                "main",
                f"after {days} days: remembered {percent(share)} of {reviews:,}",
                4.5 if reviews >= 8 else 2.5,
            )
        )
        rows.append((days, reviews, percent(expected), percent(share)))
    curve = [(SHOWN * step / PIECES, recall(SHOWN * step / PIECES)) for step in range(PIECES + 1)]
    ticks = (0, 1, 2, 3, 4)
    axes.ticks(ticks, [_days(tick * average) for tick in ticks])
    return Picture(
        "forgetting",
        "Forgetting curve of an average card",
        f"An average card of yours is remembered with {percent(recall(0.5))} after {_days(average / 2)} days, "
        f"90 % after {_days(average)} and {percent(recall(2))} after {_days(2 * average)}. The dots are "
        f"{plural(int((place < len(EDGES) - 1).sum()), 'review')}.",
        ("Days since the last review", "Reviews", "By the curve", "Remembered"),
        rows,
        "per cent remembered, by days since the last review",
        "Once cards come back on later days, this shows how much of them was left.",
        lines=[*axes.lines, Line(axes.x(1), axes.y(0), axes.x(1), axes.y(1), "aim")],
        paths=[axes.path(curve, "line")],
        dots=dots,
        labels=axes.labels,
        keys=(
            Key("line", "predicted", "line"),
            Key("main", "remembered", "dot"),
            Key("aim", "where 90 % is predicted", "line"),
        ),
        notes=("Cards keep for different times; each review is placed by how long it was for that card.",),
    )


def _days(days: float) -> str:
    return f"{days:.0f}" if days >= 9.5 or days == 0 else f"{days:.1f}"
