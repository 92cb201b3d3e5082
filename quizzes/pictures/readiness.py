"""Readiness over time: what was forecast for the interview on each study day, with its range; and recall that day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.pictures.picture import BOTTOM, HEIGHT, WIDTH, Dot, Key, Label, Line, Path, Picture, percent, share_axes


@dataclass(frozen=True)
class Seen:
    """One study day's forecast for the interview, and the recall predicted for that day itself; shares from 0 to 1."""

    day: dt.date
    now: float
    mean: float
    low: float
    high: float


def readiness(seen: Sequence[Seen], interview: dt.date | None) -> Picture:
    """`seen` from the earliest day on, all for the same interview. Two days are the least that says anything."""
    if interview is None or len(seen) < 2:
        seen = ()
    days = [one.day.toordinal() for one in seen]
    end = interview.toordinal() if interview else 1
    axes = share_axes(days[0] if days else 0, end)
    paths: list[Path] = []
    if seen and interview:
        upper = [(day, one.high) for day, one in zip(days, seen, strict=True)]
        lower = [(day, one.low) for day, one in zip(days, seen, strict=True)]
        paths = [
            axes.path([*upper, *reversed(lower)], "band"),
            axes.path([(day, one.now) for day, one in zip(days, seen, strict=True)], "other"),
            axes.path([(day, one.mean) for day, one in zip(days, seen, strict=True)]),
        ]
        axes.ticks([days[0]], [_date(seen[0].day)])
        axes.labels.append(Label(WIDTH, HEIGHT - BOTTOM + 17, _date(interview), "end"))
        axes.lines.append(Line(axes.x(end), axes.y(0), axes.x(end), axes.y(1), "away"))
    return Picture(
        "readiness",
        "Readiness over time",
        _sentence(seen, interview),
        ("Study day", "Predicted for the interview", "From", "To", "Recall on that day"),
        [(_date(one.day), percent(one.mean), percent(one.low), percent(one.high), percent(one.now)) for one in seen],
        "predicted recall of all topics in per cent, by study day",
        "With an interview date, two days on which you reviewed. Each keeps its forecast when its first card is rated.",
        lines=axes.lines,
        paths=paths,
        dots=[
            Dot(axes.x(day), axes.y(one.mean), title=f"{_date(one.day)}: {percent(one.mean)}", radius=3)
            for day, one in zip(days, seen, strict=True)
        ],
        labels=axes.labels,
        keys=(
            Key("main", "predicted for the interview", "dot"),
            Key("band", "its range, four times in five"),
            Key("other", "recall on that day", "line"),
            Key("away", "the interview", "line"),
        ),
    )


def _sentence(seen: Sequence[Seen], interview: dt.date | None) -> str:
    if not seen or interview is None:
        return ""
    first, last = seen[0], seen[-1]
    return (
        f"For {_date(interview)}, {percent(last.mean)} were predicted on {_date(last.day)}, {percent(last.low)} to"
        f" {percent(last.high)}; {percent(first.mean)} on {_date(first.day)}. Recall on the"
        f" days themselves went from {percent(first.now)} to {percent(last.now)}."
    )


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b}"
