"""A review history as a file: read strictly, folded review by review, so that anyone can audit the scheduler.

    {"zone": "Europe/Berlin", "day_start_hour": 4, "desired_retention": 0.9,
     "parameters": null (the defaults) or 21 numbers,
     "learning_steps_minutes": [1, 10], "relearning_steps_minutes": [10], "fuzz": false,
     "reviews": [{"rating": 3, "at": "2026-03-02T12:00:00Z"}, …]}

"seed" (what fuzz is drawn from, by default empty) and "maximum_interval_days" may be given as well. Settings that are
left out are the site's own.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.scheduling.forward import next_state
from quizzes.scheduling.memory import Memory, Rating, Settings
from quizzes.scheduling.study_day import StudyClock

_REQUIRED = ("zone", "day_start_hour", "reviews")
_SETTINGS = (
    "desired_retention",
    "parameters",
    "learning_steps_minutes",
    "relearning_steps_minutes",
    "maximum_interval_days",
    "fuzz",
)
_YEARS = range(1970, 2200)


class BadHistory(ValueError):  # noqa: N818 - it is the file that is bad
    """`problems` has one sentence for each thing that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Event:
    rating: Rating
    at: dt.datetime


@dataclass(frozen=True)
class History:
    clock: StudyClock
    settings: Settings
    events: tuple[Event, ...]
    seed: str = ""

    def fold(self) -> list[Memory]:
        """The memory after each review."""
        found: list[Memory] = []
        for event in self.events:
            before = found[-1] if found else Memory(due=event.at)
            found.append(next_state(before, event.rating, event.at, self.clock, self.settings, self.seed))
        return found

    def remarks(self, now: dt.datetime) -> Iterator[str]:
        """What is odd about the times. Such reviews are folded all the same: nothing is lost, nothing counted twice."""
        latest: dt.datetime | None = None
        for number, event in enumerate(self.events, start=1):
            if event.at > now:
                yield f"Review {number} lies in the future ({event.at.isoformat()})."
            if latest and event.at < latest:
                yield f"Review {number} is earlier than the one before; it counts as made at {latest.isoformat()}."
            latest = max(event.at, latest) if latest else event.at


def parse(data: Any) -> History:
    """The history in `data`, as JSON gives it. Raises BadHistory with everything that is wrong with it."""
    if not isinstance(data, Mapping):
        raise BadHistory(["The file does not hold a JSON object."])
    known = (*_REQUIRED, *_SETTINGS, "seed")
    problems = [f"“{name}” is missing." for name in _REQUIRED if name not in data]
    problems += [f"“{name}” is not known; there are {', '.join(known)}." for name in data if name not in known]
    if problems:
        raise BadHistory(problems)
    clock = _clock(data, problems)
    settings = _settings(Settings().as_json() | {name: data[name] for name in _SETTINGS if name in data}, problems)
    events = _events(data["reviews"], problems)
    if not isinstance(data.get("seed", ""), str):
        problems.append("“seed” is not a text.")
    if problems or clock is None or settings is None:
        raise BadHistory(problems)
    return History(clock, settings, tuple(events), data.get("seed", ""))


def _clock(data: Mapping[str, Any], problems: list[str]) -> StudyClock | None:
    zone, hour = data["zone"], data["day_start_hour"]
    if not isinstance(zone, str):
        problems.append("“zone” is not the name of a time zone.")
    elif not _is_whole(hour):
        problems.append("“day_start_hour” is not a whole number from 0 to 23.")
    else:
        try:
            return StudyClock(zone, hour)
        except ValueError as error:
            problems.append(str(error))
    return None


def _settings(data: Mapping[str, Any], problems: list[str]) -> Settings | None:
    before = len(problems)
    lists = ["learning_steps_minutes", "relearning_steps_minutes"]
    lists += ["parameters"] if data["parameters"] is not None else []
    problems += [
        f"“{name}” is not a list of numbers."
        for name in lists
        if not isinstance(data[name], list) or not all(_is_number(value) for value in data[name])
    ]
    if not _is_number(data["desired_retention"]):
        problems.append("“desired_retention” is not a number.")
    if not isinstance(data["fuzz"], bool):
        problems.append("“fuzz” is neither true nor false.")
    if not _is_whole(data["maximum_interval_days"]):
        problems.append("“maximum_interval_days” is not a whole number.")
    if len(problems) > before:
        return None
    try:
        return Settings.from_json(data)
    except ValueError as error:
        problems.append(str(error))
        return None


def _events(reviews: Any, problems: list[str]) -> list[Event]:
    if not isinstance(reviews, list):
        problems.append("“reviews” is not a list.")
        return []
    events = []
    for number, review in enumerate(reviews, start=1):
        if not isinstance(review, Mapping) or not {"rating", "at"} <= set(review):
            problems.append(f"Review {number} has no “rating” or no “at”.")
            continue
        rating, at = review["rating"], _instant(review["at"])
        if not _is_whole(rating) or rating not in range(1, 5):
            problems.append(f"Review {number}: the rating {rating!r} is not 1, 2, 3 or 4.")
        elif at is None:
            problems.append(f"Review {number}: {review['at']!r} is not an instant in UTC such as 2026-03-02T12:00:00Z.")
        else:
            events.append(Event(Rating(rating), at))
    return events


def _instant(text: Any) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at.astimezone(dt.UTC) if at.utcoffset() == dt.timedelta(0) and at.year in _YEARS else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
