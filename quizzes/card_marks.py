"""What a learner sets on cards beside rating them: suspended, buried, flagged. Events like any other, so they can be
taken back; what is remembered of a card does not change."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.db import models, transaction

from quizzes.card_log import USED_BEFORE, EventClash, Moment, StaleCard, append, card_of, earlier, shown
from quizzes.models import Card, Flashcard, Review
from quizzes.planning import DEFAULTS
from quizzes.scheduling import StudyClock

MOST_AT_ONCE = 500


class Mark(StrEnum):
    """What can be set. A flag is `flag-` and the name of its colour."""

    SUSPEND = "suspend"
    RESUME = "resume"
    BURY = "bury"
    UNBURY = "unbury"
    FLAG_NONE = "flag-none"
    FLAG_RED = "flag-red"
    FLAG_ORANGE = "flag-orange"
    FLAG_GREEN = "flag-green"
    FLAG_BLUE = "flag-blue"

    @property
    def said(self) -> str:
        """As a page says it afterwards."""
        return _SAID[self]

    def change(self, today: dt.date) -> dict[str, Any]:
        """The part of `Card.marks` that it sets."""
        if self in (Mark.SUSPEND, Mark.RESUME):
            return {"suspended": self is Mark.SUSPEND}
        if self is Mark.BURY:
            return {"held_until": (today + dt.timedelta(days=1)).isoformat(), "held_for": Card.Held.BURIED}
        if self is Mark.UNBURY:
            return {"held_until": None, "held_for": ""}
        return {"flag": int(Card.Flag[self.removeprefix("flag-").upper()])}


_SAID = {
    Mark.SUSPEND: "Suspended: it comes no more until you wake it.",
    Mark.RESUME: "Awake again: it comes when it is due.",
    Mark.BURY: "Buried until your next study day.",
    Mark.UNBURY: "It may come today again.",
    Mark.FLAG_NONE: "The flag is gone.",
    Mark.FLAG_RED: "Flagged red.",
    Mark.FLAG_ORANGE: "Flagged orange.",
    Mark.FLAG_GREEN: "Flagged green.",
    Mark.FLAG_BLUE: "Flagged blue.",
}


@transaction.atomic
def mark(
    user: models.Model,
    flashcards: Sequence[Flashcard],
    what: Mark,
    at: dt.datetime,
    clock: StudyClock,
    *,
    event_id: uuid.UUID,
) -> int:
    """Set `what` on the learner's cards of these flashcards; those that have it already are left alone. Returns how
    many changed. All of them are one batch, which one undo takes back; the same `event_id` again changes nothing.

    Raises EventClash if the id belongs to something else, StaleCard if another request was faster.
    """
    if found := earlier(user, event_id):
        if found.kind != Review.Kind.MARK:
            raise EventClash(USED_BEFORE)
        return Review.objects.filter(batch=found.batch).count() if found.batch else 1
    now = Moment(at, clock, event_id)
    batch = event_id if len(flashcards) > 1 else None
    changed = 0
    for flashcard in flashcards:
        card = card_of(user, flashcard, at)
        marks = card.marks | what.change(now.today)
        if marks == card.marks:
            continue
        moment = replace(now, event_id=event_id if changed == 0 else uuid.uuid5(event_id, str(changed)))
        event = append(
            card,
            moment,
            Review.Kind.MARK,
            card.memory,
            marks,
            promoted_at=card.promoted_at,
            reason=card.reason,
            settings=DEFAULTS,
            batch=batch,
        )
        if event is None:
            raise StaleCard(shown(user, flashcard, at))
        changed += 1
    return changed


def told(event: Review) -> str:
    """What a mark did, from its log: "suspended", "flagged red", "buried until 4 March"."""
    before, after = event.marks, event.marks_after
    if before.get("suspended") != after.get("suspended"):
        return "suspended" if after.get("suspended") else "awake again"
    if before.get("flag") != after.get("flag"):
        return f"flagged {Card.Flag(after['flag']).label}" if after.get("flag") else "flag taken away"
    until = after.get("held_until")
    return f"buried until {dt.date.fromisoformat(until):%-d %B}" if until else "may come again"
