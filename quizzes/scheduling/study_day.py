"""The study day: the learner's calendar day, which begins at an hour of their own choosing."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import cache

ONE_DAY = dt.timedelta(days=1)
_zones = cache(zoneinfo.available_timezones)  # it reads directories, and a clock is made for every request


@dataclass(frozen=True)
class StudyClock:
    """A time zone by its IANA name and the hour (0 to 23) at which a study day begins there.

    Study day d lasts from `start_of(d)` until `start_of(d + 1)`, whatever the clocks do in between: 23 or 25 hours when
    they change, none at all where a zone skipped a date. `day` never falls while time goes on.

    Raises ValueError for a zone or an hour that does not exist.
    """

    zone: str
    day_start_hour: int

    def __post_init__(self) -> None:
        if self.zone not in _zones():
            raise ValueError(f"“{self.zone}” is not a time zone we know.")
        if self.day_start_hour not in range(24):
            raise ValueError(f"A study day starts at an hour from 0 to 23, not {self.day_start_hour}.")

    def local(self, at: dt.datetime) -> dt.datetime:
        """The instant on the learner's wall clock. Raises ValueError if `at` has no time zone of its own."""
        if at.tzinfo is None:
            raise ValueError("An instant needs a time zone; UTC is best.")
        return at.astimezone(zoneinfo.ZoneInfo(self.zone))

    def start_of(self, day: dt.date) -> dt.datetime:
        """The UTC instant at which the study day begins; in an hour that the clocks skip, as if they had not moved."""
        wall = dt.datetime.combine(day, dt.time(self.day_start_hour), zoneinfo.ZoneInfo(self.zone))
        return wall.astimezone(dt.UTC)

    def day(self, at: dt.datetime) -> dt.date:
        """The study day of the instant."""
        day = (self.local(at) - dt.timedelta(hours=self.day_start_hour)).date()
        # The wall clock can show the same hour twice or none; the starts of the days decide.
        while self.start_of(day) > at:
            day -= ONE_DAY
        while self.start_of(day + ONE_DAY) <= at:
            day += ONE_DAY
        return day
