"""The deck as a plan sees it: what the learner remembers of every card, in the order in which the cards are met.

Where not all cards can be met before the date, every topic gives the same share of its own, weighted by the role; the
learner's level says from which end of a topic. What is taken is met in the order in which topics build on each other.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models

from quizzes.models import Card, Flashcard, Review
from quizzes.models.question import Level
from quizzes.readiness import Candidate, Deck, Effort, Row, in_turn, second_look
from quizzes.roles import role_of
from quizzes.teaching_order import in_order_of_prerequisites

LOOKS = 2.0  # at a card after the day on which it was met, on average over a plan


@dataclass(frozen=True)
class PreparedDeck:
    """`keys` are the primary keys of the flashcards in the order of `deck`, `slugs` what its topic numbers stand
    for."""

    deck: Deck
    keys: list[int]
    slugs: list[str]


@dataclass(frozen=True)
class _Known:
    """One flashcard with what the learner remembers of it."""

    key: int
    topic: str
    level: str
    row: Row


def nearest_first(level: str) -> list[str]:
    """The levels in the order in which somebody who starts at `level` takes them up: their own, the harder ones, and
    last what they know."""
    levels = [str(one) for one in Level]
    own = levels.index(level)
    return levels[own:] + levels[:own][::-1]


def deck_of(
    user: models.Model, today: dt.date, role: str, level: str, *, seconds: float, effort: Effort
) -> PreparedDeck:
    """All published flashcards as the learner remembers them today, for a plan that has `seconds` for cards until the
    date. Suspended cards and topics of no weight are left out. A constant number of queries."""
    numbers: dict[str, int] = {}
    known = list(_known(user, today, role, numbers))
    owed = sum(one.row.once for one in known) * second_look(effort)
    room = max(0.0, seconds - owed) / (effort.new + LOOKS * second_look(effort))
    cards = [known[place] for place in _order(known, int(room), nearest_first(level))]
    return PreparedDeck(Deck.of(one.row for one in cards), [one.key for one in cards], list(numbers))


def _known(user: models.Model, today: dt.date, role: str, numbers: dict[str, int]) -> Iterable[_Known]:
    """In teaching order; `numbers` grows by the topics that come."""
    mine = {row[0]: row[1:] for row in Card.objects.for_user(user).values_list("flashcard_id", "pk", *_MEMORY)}
    days = Review.objects.for_user(user).standing().order_by().values_list("card_id")
    once = {card for card, first, last in days.annotate(*_FIRST_AND_LAST) if first == last}
    offered = in_order_of_prerequisites(Flashcard.objects.published())
    for key, topic, level, question in offered.values_list("pk", "topic__slug", "level", "question_id"):
        card, stability, difficulty, last_day, queue_day, suspended = mine.get(key, _UNMET)
        weight = role_of(role).weight(topic)
        if suspended or not weight:
            continue
        elapsed = None if last_day is None or stability is None else max(0, (today - last_day).days)
        due = (queue_day - today).days if queue_day else 0
        number = numbers.setdefault(topic, len(numbers))
        yield _Known(
            key, topic, level, Row(stability, difficulty, elapsed, weight, number, due, card in once, question)
        )


_MEMORY = ("stability", "difficulty", "last_day", "queue_day", "suspended")
_UNMET = (None, None, None, None, None, False)
_FIRST_AND_LAST = (models.Min("study_day"), models.Max("study_day"))


def _order(known: Sequence[_Known], room: int, levels: Sequence[str]) -> list[int]:
    """Places in `known`: of what is met and the `room` cards that come next in fair shares, the part that there is
    surely time for in the order given; then all others as their shares come."""
    met = [one.row.stability is not None for one in known]
    by_level = sorted(range(len(known)), key=lambda place: levels.index(known[place].level))
    candidates = [
        Candidate(place, known[place].topic, known[place].row.weight, float(not met[place])) for place in by_level
    ]
    return in_turn(candidates, sum(met) + room)
