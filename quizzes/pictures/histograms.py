"""How the learner's cards are spread: by stability, difficulty and predicted recall."""

import itertools
import math
import statistics
from collections.abc import Sequence

from quizzes.pictures.picture import Picture, count_axes, percent, plural

STABILITY_EDGES = (0, 1, 2, 4, 7, 14, 30, 60, 120, 240, 365, 730)  # days; the last bin is open
EMPTY = "Cards appear here once they have been rated."


def stability(days: Sequence[float]) -> Picture:
    edges = [*STABILITY_EDGES, math.inf]
    middle = statistics.median(days) if days else 0.0
    return _histogram(
        "stability",
        "Stability",
        f"Half of your {plural(len(days), 'card')} keep for more than {_days(middle)} before recall falls to 90 %.",
        days,
        edges,
        [f"{low}" for low in STABILITY_EDGES],
        "Days",
        "cards by stability in days",
        [f"{low} to {high}" if high < math.inf else f"over {low}" for low, high in itertools.pairwise(edges)],
    )


def difficulty(values: Sequence[float]) -> Picture:
    edges = [float(edge) for edge in range(1, 11)]
    middle = statistics.median(values) if values else 0.0
    return _histogram(
        "difficulty",
        "Difficulty",
        f"The middle difficulty of {plural(len(values), 'card')} is {middle:.1f}, on a scale from 1, easy, to 10.",
        values,
        edges,
        [f"{edge:.0f}" for edge in edges],
        "Difficulty",
        "cards by difficulty",
        [f"{low:.0f} to {high:.0f}" for low, high in itertools.pairwise(edges)],
    )


def recall(shares: Sequence[float]) -> Picture:
    """`shares`: the predicted recall of each card today, from 0 to 1."""
    edges = [step / 10 for step in range(11)]
    mean = sum(shares) / len(shares) if shares else 0.0
    return _histogram(
        "recall",
        "Predicted recall today",
        f"Asked about all {plural(len(shares), 'card')} now, you would remember about {percent(mean)}: "
        f"{sum(shares):,.0f} of them.",
        shares,
        edges,
        [f"{100 * edge:.0f}" for edge in edges],
        "Predicted recall in %",
        "cards by predicted recall in per cent",
        [f"{100 * low:.0f} to {100 * high:.0f}" for low, high in itertools.pairwise(edges)],
    )


def _histogram(
    name: str,
    title: str,
    sentence: str,
    values: Sequence[float],
    edges: Sequence[float],
    ticks: Sequence[str],
    column: str,
    axis: str,
    words: Sequence[str],
) -> Picture:
    """Bins from each edge to below the next, drawn equally wide; the last one holds its upper edge as well."""
    counts = [0] * len(words)
    for value in values:
        place = sum(value >= edge for edge in edges[1:-1])
        counts[place] += 1
    axes = count_axes(0, len(words), max(counts, default=0))
    bars = [
        axes.bar(place + 0.06, place + 0.94, number, "main", f"{word}: {plural(number, 'card')}")
        for place, (number, word) in enumerate(zip(counts, words, strict=True))
    ]
    axes.ticks(range(len(ticks)), ticks)
    rows = (
        [(word, number, percent(number / len(values))) for word, number in zip(words, counts, strict=True)]
        if values
        else ()
    )
    return Picture(
        name,
        title,
        sentence,
        (column, "Cards", "Share"),
        rows,
        axis,
        EMPTY,
        bars=bars,
        lines=axes.lines,
        labels=axes.labels,
    )


def _days(days: float) -> str:
    return plural(round(days), "day") if days >= 1.5 else f"{days:.1f} days"
