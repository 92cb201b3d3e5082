"""Minutes by study day: cards, quizzes and labs."""

import datetime as dt
from collections.abc import Mapping, Sequence

from quizzes.pictures.picture import Key, Picture, count_axes, plural

DAYS = 30
ONE_DAY = dt.timedelta(days=1)
TONES = ("main", "soft", "other")


def time_spent(kinds: Sequence[tuple[str, Mapping[dt.date, float]]], today: dt.date) -> Picture:
    """`kinds`: for each, its name and seconds by study day; three at most."""
    days = [today - (DAYS - 1 - number) * ONE_DAY for number in range(DAYS)]
    minutes = [(name, [seconds.get(day, 0) / 60 for day in days]) for name, seconds in kinds]
    totals = [sum(column) for column in zip(*(of for _, of in minutes), strict=True)]
    axes = count_axes(0, DAYS, max(totals))
    bars = []
    for place, day in enumerate(days):
        base = 0.0
        for tone, (name, of) in zip(TONES, minutes, strict=False):
            if of[place] > 0:
                title = f"{_date(day)}, {name}: {_minutes(of[place])}"
                bars.append(axes.bar(place + 0.1, place + 0.9, of[place], tone, title, base))
                base += of[place]
    ticks = (1, 8, 15, 22, 29)
    axes.ticks([tick + 0.5 for tick in ticks], [f"{days[tick].day} {days[tick]:%b}" for tick in ticks[:-1]] + ["today"])
    rows = [
        (_date(day), *(f"{of[place]:.1f}" for _, of in minutes), f"{totals[place]:.1f}")
        for place, day in enumerate(days)
        if totals[place]
    ]
    worked = sum(total > 0 for total in totals)
    parts = ", ".join(f"{_minutes(sum(of))} on {name}" for name, of in minutes if sum(of))
    return Picture(
        "time",
        "Time spent",
        f"{_minutes(sum(totals))} on {plural(worked, 'day')} of the last {DAYS}: {parts}.",
        ("Study day", *(f"{name.capitalize()}, minutes" for name, _ in minutes), "Together, minutes"),
        rows,
        "minutes by study day",
        f"Nothing in the last {DAYS} days. The time that reviews, quizzes and labs take is shown here.",
        bars=bars,
        lines=axes.lines,
        labels=axes.labels,
        keys=[Key(tone, name) for tone, (name, _) in zip(TONES, minutes, strict=False)],
        notes=("Cards are timed. Quizzes and labs are estimated from the times of your answers and attempts.",),
    )


def _minutes(minutes: float) -> str:
    if minutes < 1:
        return "under a minute"
    hours, rest = divmod(round(minutes), 60)
    return plural(rest, "minute") if not hours else f"{hours} h {rest} min"


def _date(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
