"""A day-by-day plan to the interview: cards, new concepts in prerequisite order, one lab, one timed round, two full
mocks, and a last day that tapers. It is made anew every study day from what is left: a missed day is simply not there.

The dates of the mock interviews are counted back from the interview and from the day on which the plan was first made,
never from today: counted from today, half-way would move away for ever.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

CARDS_SHARE = 0.4  # of a learning day, for cards
CARDS_SHARE_OF_LAB_DAY = 0.25  # where the lab takes most of a short day
ROUND_MINUTES = 10
ROUND_FROM_MINUTES = 30  # a shorter day has no timed round
TAPER_MINUTES = 30
NO_EXCEPTIONS: Mapping[int, int] = {}
LEAST_MINUTES = 5  # shorter pieces are not worth a line
SHORTEST = 0.6  # of the minutes that something needs: with less it is not begun on a day that has done something else
DAYS_AT_MOST = 180  # beyond, the plan says the first months only


class DayKind(StrEnum):
    REST = "rest"
    LEARN = "learn"
    MOCK = "mock"
    TAPER = "taper"


class Work(StrEnum):
    CARDS = "cards"
    CONCEPT = "concept"
    LAB = "lab"
    ROUND = "round"
    MOCK = "mock"


@dataclass(frozen=True)
class Part:
    """One piece of a day: `what` is the slug of a concept or lab, empty for the others."""

    work: Work
    minutes: int
    what: str = ""
    goes_on: bool = False  # it does not end on this day


@dataclass(frozen=True)
class Day:
    """`offset` in study days from today."""

    offset: int
    kind: DayKind
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def card_minutes(self) -> int:
        return sum(part.minutes for part in self.parts if part.work is Work.CARDS)


@dataclass(frozen=True)
class Need:
    """Something to be worked through: a concept not yet met, or a lab not yet passed."""

    slug: str
    minutes: int


@dataclass
class _Pile:
    """Needs in order, of which the first may be begun."""

    needs: Sequence[Need]
    work: Work
    place: int = 0
    used: int = field(default=0)

    @property
    def next(self) -> Need | None:
        return self.needs[self.place] if self.place < len(self.needs) else None

    def take(self, minutes: int, *, spare: int, begun: bool) -> Part | None:
        """The next need in one part. `spare` minutes more may be used to end it; a day that has `begun` with another
        one does not begin a crumb of this. A lab goes on where it was left on the next day; what is read is read in the
        time that there is, since nobody would know how far."""
        need = self.next
        if need is None:
            return None
        left = need.minutes - self.used
        spent = left if left <= minutes + min(spare, LEAST_MINUTES - 1) else min(minutes, left - LEAST_MINUTES)
        if spent < (SHORTEST * left if begun and spent < left else min(left, LEAST_MINUTES)):
            return None
        goes_on = spent < left and self.work is Work.LAB
        self.used = self.used + spent if goes_on else 0
        self.place += not goes_on
        return Part(self.work, spent, need.slug, goes_on)


@dataclass(frozen=True)
class Plan:
    days: tuple[Day, ...]
    mock_minutes: int
    left_out: int  # concepts and labs for which no time is left before the interview

    @property
    def today(self) -> Day | None:
        return self.days[0] if self.days else None

    def minutes_of(self, work: Work) -> int:
        return sum(part.minutes for day in self.days for part in day.parts if part.work is work)


def mock_days(span: int, left: int, done: int, closed: Collection[int] = ()) -> tuple[int, ...]:
    """Offsets from today of the full mocks still to come: `span` days from the making of the plan to the interview,
    `left` days from today to it, `done` mocks taken since. One that was missed, or falls on a `closed` day, moves to
    the next day that can hold it.

    The first lies half-way, the second a sixth of the way before the end; never on today's eve of the interview, and
    neither on the same day as the other. One that is overdue is offered every other day, so that who leaves it aside
    still learns something new.
    """
    before = (span // 2, max(2, span // 6)) if span >= 7 else (2,) if span >= 3 else ()
    found: list[int] = []
    for days_before in before[done:]:
        overdue = days_before - left
        offset = max(overdue % 2 if overdue > 0 else -overdue, found[-1] + 1 if found else 0)
        while offset in closed:
            offset += 1
        if offset <= left - 2:
            found.append(offset)
    return tuple(found)


def _mock_length(minutes: int) -> int:
    """The longest interview that fits a day of so many minutes, with time left for cards where 45 minutes do; or 0."""
    if minutes >= 60 + LEAST_MINUTES:
        return 60
    return 45 if minutes >= 45 else 20 if minutes >= 20 else 0


def make_plan(
    *,
    left: int,
    span: int,
    minutes: int,
    concepts: Sequence[Need],
    labs: Sequence[Need],
    mocks_done: int = 0,
    other_minutes: Mapping[int, int] = NO_EXCEPTIONS,
) -> Plan:
    """The study days from today to the eve of the interview, `left` of them.

    `span` is how many there were when the plan was first made, `minutes` what a day has and `other_minutes` the days
    that have another number, by offset; 0 is a day off. Concepts and labs come in the order in which they build on each
    other.
    """
    mock_length = _mock_length(minutes)
    closed = {offset for offset, less in other_minutes.items() if less < mock_length}
    mocks = mock_days(span, left, mocks_done, closed) if mock_length else ()
    piles = _Pile(concepts, Work.CONCEPT), _Pile(labs, Work.LAB)
    days = []
    for offset in range(min(left, DAYS_AT_MOST)):
        available = other_minutes.get(offset, minutes)
        if not available:
            days.append(Day(offset, DayKind.REST, ()))
        elif offset == left - 1:
            days.append(_taper(offset, available))
        elif offset in mocks:
            days.append(_mock(offset, available, mock_length))
        else:
            days.append(_learn(offset, available, *piles))
    return Plan(tuple(days), mock_length, sum(len(pile.needs) - pile.place for pile in piles))


def _taper(offset: int, minutes: int) -> Day:
    return Day(offset, DayKind.TAPER, (Part(Work.CARDS, min(minutes, TAPER_MINUTES)),))


def _mock(offset: int, minutes: int, length: int) -> Day:
    cards = (Part(Work.CARDS, minutes - length),) if minutes - length >= LEAST_MINUTES else ()
    return Day(offset, DayKind.MOCK, (*cards, Part(Work.MOCK, length)))


def _learn(offset: int, minutes: int, concepts: _Pile, labs: _Pile) -> Day:
    """Cards, concepts, one lab, a timed round. What concepts and labs do not need goes to the cards.

    A day too short for all of it is a day for the lab or a day for concepts, in turn.
    """
    cards = round(minutes * CARDS_SHARE)
    timed = ROUND_MINUTES if minutes >= ROUND_FROM_MINUTES else 0
    lab = labs.next
    fits = lab is not None and not labs.used and lab.minutes + LEAST_MINUTES <= minutes - cards - timed
    if lab is None or fits:
        piles = [labs, concepts] if lab else [concepts]
    elif concepts.next is None or labs.used or offset % 2 == 1:
        piles = [labs, concepts] if labs.used else [labs]
        cards, timed = round(minutes * CARDS_SHARE_OF_LAB_DAY), 0
    else:
        piles = [concepts]
    rest = minutes - cards - timed
    parts: list[Part] = []
    for pile in piles:
        while (part := pile.take(rest, spare=cards - LEAST_MINUTES, begun=bool(parts))) is not None:
            parts.append(part)
            rest -= part.minutes
            if pile is labs:
                break  # one lab a day
        if rest < 0:
            cards, rest = cards + rest, 0
    parts.sort(key=lambda part: part.work is Work.LAB)
    round_of_five = [Part(Work.ROUND, timed)] if timed else []
    return Day(offset, DayKind.LEARN, (Part(Work.CARDS, cards + rest), *parts, *round_of_five))
