"""One card's life as its page tells it: every event in order, undos included, and what stands of it."""

import datetime as dt
from dataclasses import dataclass

from quizzes import timewords
from quizzes.card_marks import told
from quizzes.models import Card, Review
from quizzes.scheduling import Memory, Settings, StudyClock, retrievability


@dataclass(frozen=True)
class Moment:
    """One event. `when` is in the zone of that event; `recall` is what was predicted just before it, in per cent.
    `stands` is whether no later event took it back."""

    when: dt.datetime
    what: str
    interval: str
    stability: float | None
    difficulty: float | None
    recall: int | None
    seconds: int | None
    stands: bool


SHOWN = 200  # events; an import may bring thousands
DRAWN = 60  # reviews of the curve


def life_of(card: Card, most: int = SHOWN) -> list[Moment]:
    """Its latest events, the first of them first, in one query. `card.version` says how many there are."""
    events = card.reviews.select_related("undoes", "redoes__undoes", "undone_by").order_by("-pk")
    return [_moment(event) for event in reversed(events[:most])]


def standing_memories(card: Card, most: int = DRAWN) -> list[Memory]:
    """What was remembered after the latest ratings that stand, in order."""
    events = Review.objects.filter(card=card).standing().order_by("-pk")
    return [event.memory_after for event in reversed(events[:most])]


def _moment(event: Review) -> Moment:
    clock = StudyClock(event.zone, event.day_start_hour)
    rated = event.kind == Review.Kind.RATING
    after = event.memory_after
    before = Memory.from_json(event.before)
    known = rated and before.stability is not None
    settings = Settings.from_json(event.settings)
    return Moment(
        when=clock.local(event.at),
        what=_what(event),
        interval=timewords.interval(after) if rated else "",
        stability=after.stability if rated else None,
        difficulty=after.difficulty if rated else None,
        recall=round(100 * retrievability(before, event.at, clock, settings)) if known else None,
        seconds=round(event.duration_ms / 1000) if event.duration_ms is not None else None,
        stands=not hasattr(event, "undone_by"),
    )


def _what(event: Review) -> str:
    if event.undoes is not None:
        return f"Undo: {_name(event.undoes)}"
    name = _name(event)
    return f"Redo: {name}" if event.redoes_id is not None else name[:1].upper() + name[1:]


def _name(event: Review) -> str:
    if event.kind == Review.Kind.MARK:
        return told(event)
    rating = event.get_rating_display()
    return f"{rating}, for practice" if event.kind == Review.Kind.PRACTICE else str(rating)
