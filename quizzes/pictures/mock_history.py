"""Mock interviews over time: for each dimension a strip of its own with the share of the points won."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.pictures.picture import Dot, Key, Label, Line, Path, Picture, percent, plural

WIDTH = 420
LEFT, RIGHT = 112, 52
TOP, STRIP, GAP = 10, 34, 16
FOOT = 22
MIDDLE = (LEFT + WIDTH - RIGHT) / 2


@dataclass(frozen=True)
class Taken:
    """One interview: the share of the points won, from 0 to 1, in the order of the dimensions; None if not asked."""

    day: dt.date
    shares: tuple[float | None, ...]


def mock_history(dimensions: Sequence[str], taken: Sequence[Taken], adequate: float) -> Picture:
    """`taken` from the earliest on; `adequate` is the share from which an answer is adequate."""

    def x(place: int) -> float:
        return round(LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * place / (len(taken) - 1), 1) if len(taken) > 1 else MIDDLE

    def y(strip: int, share: float) -> float:
        return round(TOP + strip * (STRIP + GAP) + STRIP * (1 - share), 1)

    lines, paths, dots, labels = [], [], [], []
    for strip, name in enumerate(dimensions):
        lines += [Line(LEFT, y(strip, share), WIDTH - RIGHT, y(strip, share)) for share in (0, 1)]
        lines.append(Line(LEFT, y(strip, adequate), WIDTH - RIGHT, y(strip, adequate), "aim"))
        labels.append(Label(LEFT - 8, y(strip, 0.5) + 4, name.capitalize(), "end"))
        known = [(place, share) for place, one in enumerate(taken) if (share := one.shares[strip]) is not None]
        if len(known) > 1:
            paths.append(Path(" ".join(f"{x(place)},{y(strip, share)}" for place, share in known)))
        dots += [Dot(x(at), y(strip, share), title=f"{_date(taken[at].day)}: {percent(share)}") for at, share in known]
        latest = known[-1][1] if known else None
        labels.append(Label(WIDTH - RIGHT + 8, y(strip, 0.5) + 4, percent(latest), "start", "value"))
    height = TOP + len(dimensions) * (STRIP + GAP) - GAP + FOOT
    if taken:
        labels.append(Label(x(0), height - 5, _date(taken[0].day)))
    if len(taken) > 1:
        labels.append(Label(x(len(taken) - 1), height - 5, _date(taken[-1].day)))
    return Picture(
        "mocks",
        "Mock interviews by dimension",
        _sentence(dimensions, taken, adequate),
        ("Interview", *(name.capitalize() for name in dimensions)),
        [(_date(one.day), *map(percent, one.shares)) for one in taken],
        "per cent of the points, by interview; at the right, the latest",
        "After a mock interview, this shows how each dimension develops.",
        lines=lines,
        paths=paths,
        dots=dots,
        labels=labels,
        keys=(Key("main", "an interview", "dot"), Key("aim", f"adequate, {percent(adequate)}", "line")),
        notes=("– : not asked in that interview.",) if any(None in one.shares for one in taken) else (),
        height=height,
    )


def _sentence(dimensions: Sequence[str], taken: Sequence[Taken], adequate: float) -> str:
    if not taken:
        return ""
    latest = [(share, name) for name, share in zip(dimensions, taken[-1].shares, strict=True) if share is not None]
    below = [name for share, name in latest if share < adequate]
    said = f"{plural(len(taken), 'interview')}. In the latest, of {_date(taken[-1].day)}, "
    if not latest:
        return said + "nothing was asked."
    if not below:
        return said + "every dimension that was asked is adequate or better."
    return said + f"below the line: {', '.join(below)}."


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
