"""The proof that every stored card equals the fold of its log."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizzes.models import Card, Review
from quizzes.models.card import CardQuerySet
from quizzes.scheduling import Memory, Settings, StudyClock, next_state

_AT_A_TIME = 500  # cards, with their logs, held in memory


def disagreements(cards: CardQuerySet) -> Iterator[str]:
    """One sentence for each card that is not what its log says, and for each event that does not follow from the one
    before. Yields nothing if all is well."""
    with_logs = cards.select_related("flashcard").prefetch_related("reviews__undoes", "reviews__redoes").order_by("pk")
    for card in with_logs.iterator(chunk_size=_AT_A_TIME):
        wrong = _first_wrong(card, sorted(card.reviews.all(), key=lambda review: review.pk))
        if wrong:
            yield f"Card {card.uuid} ({card.flashcard.slug}): {wrong}"


def _first_wrong(card: Card, events: Sequence[Review]) -> str:
    """What is wrong first along the log, or "". Whatever follows is not looked at: it would only repeat it."""
    memory = Memory.from_json(events[0].before) if events else Memory(due=card.due)
    marks: dict[str, Any] = {}
    if events and memory != Memory(due=memory.due):
        return "its log does not begin with a new card."
    for version, event in enumerate(events):
        name = f"event {version + 1} ({event.uuid})"
        if event.card_version != version:
            return f"{name} names version {event.card_version} of the card instead of {version}."
        if event.user_id != card.user_id:
            return f"{name} belongs to another learner."
        if not Memory.from_json(event.before).agrees_with(memory):
            return f"{name} does not begin where the one before it ends."
        if _set_by_learner(event.marks) != _set_by_learner(marks):
            return f"{name} does not find the card flagged or suspended as the one before it left it."
        marks = event.marks_after
        memory = Memory.from_json(event.after)
        if not memory.agrees_with(_computed(card, event)):
            return f"{name} does not end where the scheduler ends (it was written by {event.scheduler})."
    if card.version != len(events):
        return f"its version is {card.version} and its log has {len(events)} events."
    if not card.memory.agrees_with(memory):
        return "what is stored is not what its log ends with."
    if _set_by_learner(card.marks) != _set_by_learner(marks):
        return "it is flagged or suspended otherwise than its log says."
    return ""


def _set_by_learner(marks: Mapping[str, Any]) -> tuple[bool, int]:
    """What only events change. Breaks and spreading move cards as well, so how long one is held is not among it."""
    return bool(marks.get("suspended")), int(marks.get("flag") or 0)


def _computed(card: Card, event: Review) -> Memory:
    """The state after the event, computed again from what the event says about that moment."""
    if event.undoes is not None:
        return Memory.from_json(event.undoes.before)
    if event.redoes is not None:
        return Memory.from_json(event.redoes.before)
    if event.kind in (Review.Kind.PRACTICE, Review.Kind.MARK):
        return Memory.from_json(event.before)
    clock = StudyClock(event.zone, event.day_start_hour)
    settings = Settings.from_json(event.settings)
    before = Memory.from_json(event.before)
    load = {dt.date.fromisoformat(day): number for day, number in event.load.items()}
    return next_state(before, event.rating or 0, event.at, clock, settings, str(card.uuid), load)
