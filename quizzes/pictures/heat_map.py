"""A year of reviewing, a column for each week: the learner's own study days, as each review holds its own."""

import datetime as dt
from collections.abc import Mapping, Sequence

from quizzes.pictures.picture import Bar, Key, Label, Line, Picture, plural

WEEKS = 53
CELL, GAP = 12, 3
LEFT, TOP = 34, 20
ONE_DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]  # both ends included


def heat_map(reviews: Mapping[dt.date, int], today: dt.date, breaks: Sequence[Span], streak: int) -> Picture:
    """`reviews` by study day, of any time; the year that ends today is shown."""
    monday = today - dt.timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    days = [monday + number * ONE_DAY for number in range((today - monday).days + 1)]
    shown = {day: reviews[day] for day in days if reviews.get(day)}
    away = {day for day in days if any(first <= day <= last for first, last in breaks)}
    levels = _levels(list(shown.values()))
    bars, lines = [], []
    for day in days:
        x, y = _place(day, monday)
        number = shown.get(day, 0)
        bars.append(
            Bar(x, y, CELL, CELL, f"heat-{_level(number, levels)}", f"{_date(day)}: {_said(number, day in away)}")
        )
        if day in away:
            lines.append(Line(x + 2, y + CELL - 2, x + CELL - 2, y + 2, "away"))
    rows = [
        (_date(day), shown.get(day, 0), "planned break" if day in away else "")
        for day in days
        if day in shown or day in away
    ]
    return Picture(
        "heat-map",
        "A year of reviews",
        _sentence(shown, streak),
        ("Study day", "Reviews", "Remark"),
        rows,
        empty="Every study day on which you review becomes a square here.",
        bars=bars,
        lines=lines,
        labels=_labels(days, monday),
        keys=_keys(levels, bool(away)),
        notes=(_streak(streak),),
        width=LEFT + WEEKS * (CELL + GAP),
        height=TOP + 7 * (CELL + GAP),
        is_wide=True,
    )


def _place(day: dt.date, monday: dt.date) -> tuple[float, float]:
    week, weekday = divmod((day - monday).days, 7)
    return LEFT + week * (CELL + GAP), TOP + weekday * (CELL + GAP)


def _levels(numbers: Sequence[int]) -> list[int]:
    """Where the second, third and fourth shade begin: quarters of the days on which there was something."""
    ordered = sorted(numbers)
    if not ordered:
        return [1, 2, 3]
    quarters = [ordered[len(ordered) * quarter // 4] for quarter in (1, 2, 3)]
    first = max(2, quarters[0])
    second = max(first + 1, quarters[1])
    return [first, second, max(second + 1, quarters[2])]


def _level(number: int, levels: Sequence[int]) -> int:
    return 0 if not number else 1 + sum(number >= one for one in levels)


def _labels(days: Sequence[dt.date], monday: dt.date) -> list[Label]:
    names = [
        Label(LEFT - 6, TOP + row * (CELL + GAP) + 10, name, "end")
        for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))
    ]
    firsts = [day for day in days if day.day == 1 and (days[-1] - day).days >= 7]
    return names + [Label(_place(day, monday)[0], TOP - 6, f"{day:%b}", "start") for day in firsts]


def _keys(levels: Sequence[int], has_breaks: bool) -> list[Key]:
    first, second, third = levels
    ends = (first - 1, second - 1, third - 1)
    words = [
        f"{low}" if low == high else f"{low} to {high}" for low, high in zip((1, first, second), ends, strict=True)
    ]
    keys = [Key("heat-0", "none"), *(Key(f"heat-{place}", word) for place, word in enumerate(words, 1))]
    return [*keys, Key("heat-4", f"{third} or more"), *([Key("away", "planned break", "line")] if has_breaks else [])]


def _said(number: int, is_break: bool) -> str:
    return (plural(number, "review") if number else "no reviews") + (", planned break" if is_break else "")


def _sentence(shown: Mapping[dt.date, int], streak: int) -> str:
    if not shown:
        return "No reviews in the past year."
    best = max(shown, key=lambda day: (shown[day], day))
    return (
        f"{plural(sum(shown.values()), 'review')} on {plural(len(shown), 'study day')} of the past year, "
        f"most of them, {shown[best]:,}, on {_date(best)}."
    )


def _streak(streak: int) -> str:
    if not streak:
        return "A row of days begins with the next review; planned breaks do not end one."
    return f"{plural(streak, 'day')} in a row; planned breaks neither count nor end it."


def _date(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
