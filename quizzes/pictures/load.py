"""What waits on the coming study days, if nothing is rated meanwhile and no new card is met."""

import datetime as dt
from collections.abc import Mapping, Sequence

from quizzes.pictures.heat_map import Span
from quizzes.pictures.picture import Key, Picture, count_axes, plural

DAYS = 30
ONE_DAY = dt.timedelta(days=1)


def load(waiting: Mapping[dt.date, int], today: dt.date, breaks: Sequence[Span]) -> Picture:
    """`waiting` counts learned cards by the study day on which the queue shows them; earlier days wait today."""
    days = [today + number * ONE_DAY for number in range(DAYS)]
    late = sum(number for day, number in waiting.items() if day < today)
    number = {day: waiting.get(day, 0) for day in days}
    away = {day for day in days if any(first <= day <= last for first, last in breaks)}
    axes = count_axes(0, DAYS, max([late + number[today], *number.values()]))
    bars = []
    for place, day in enumerate(days):
        base = late if place == 0 else 0
        if base:
            bars.append(axes.bar(place + 0.1, place + 0.9, base, "other", f"Overdue: {plural(base, 'card')}"))
        bars.append(
            axes.bar(
                place + 0.1, place + 0.9, number[day], "main", f"{_date(day)}: {plural(number[day], 'card')}", base
            )
        )
        if day in away:
            bars.append(axes.bar(place, place + 1, axes.top, "away", f"{_date(day)}: planned break"))
    ticks = [0, 7, 14, 21, 28]
    axes.ticks([tick + 0.5 for tick in ticks], ["today"] + [f"{days[tick].day} {days[tick]:%b}" for tick in ticks[1:]])
    rows = [("Overdue", late, "")] * bool(late)
    rows += [(_date(day), number[day], "planned break" if day in away else "") for day in days]
    total = late + sum(number.values())
    busiest = max(days, key=lambda day: number[day])
    keys = (
        [Key("main", "cards due")]
        + [Key("other", "overdue")] * bool(late)
        + [Key("away", "planned break")] * bool(away)
    )
    return Picture(
        "load",
        "Load of the coming days",
        f"{plural(total, 'card')} in the next {DAYS} days, {late + number[today]:,} of them today"
        f"{f'; most on {_date(busiest)}, {number[busiest]:,}' if number[busiest] else ''}.",
        ("Study day", "Cards", "Remark"),
        rows if total else (),
        "cards by study day",
        "Nothing waits on the coming days. Cards appear here once they are learned.",
        bars=bars,
        lines=axes.lines,
        labels=axes.labels,
        keys=keys if len(keys) > 1 else (),
        notes=("New cards are not in it, nor what today's answers will bring back.",),
    )


def _date(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
