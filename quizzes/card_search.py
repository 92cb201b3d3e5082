"""A search as a question to the database: the flashcards a learner may meet, each beside what they remember of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from quizzes.leeches import LEECH_LAPSES
from quizzes.models import Card, Concept, Flashcard, Review
from quizzes.models.flashcard import FlashcardQuerySet
from quizzes.searching import FLAGS, And, Field, Not, Search, Text
from quizzes.searching.terms import RATINGS

_COMPARISONS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "=": "exact", "!=": "exact"}
_PART_OF = {
    "question": "question__slug__icontains",
    "deck": "deck__slug__icontains",
    "pile": "pile__icontains",
    "mistake": "misconception__icontains",
    "front": "front__icontains",
    "back": "back__icontains",
    "note": "my_note__icontains",
    "level": "level",
    "kind": "kind",
}


def matching(user: models.Model, search: Search, today: dt.date) -> FlashcardQuerySet:
    """The flashcards that the search finds for this learner, in teaching order. One query, however it is nested.

    Beside its own columns a row knows `my_state`, `my_lapses`, `my_reps`, `my_stability`, `my_difficulty`,
    `my_queue_day`, `my_due_day`, `my_last_day`, `my_flag`, `my_suspended`, `my_held_until` and `my_note`.
    """
    found = beside_memory(user).filter(_Reader(user, today).condition(search))
    return found.in_teaching_order()


def beside_memory(user: models.Model) -> FlashcardQuerySet:
    """What a learner may meet, each row beside their card. A card never met is new and has neither flag nor note."""
    mine = models.FilteredRelation("cards", condition=Q(cards__user=user.pk))
    numbers = {f"my_{name}": Coalesce(F(f"mine__{name}"), 0) for name in ("lapses", "reps", "flag")}
    plain = {
        f"my_{name}": F(f"mine__{name}")
        for name in ("stability", "difficulty", "queue_day", "due_day", "last_day", "held_until", "due", "promoted_at")
    }
    return (
        Flashcard.objects.for_learner(user)
        .alias(mine=mine)
        .annotate(
            my_state=Coalesce(F("mine__state"), models.Value(Card.State.NEW.value)),
            my_suspended=Coalesce(F("mine__suspended"), models.Value(False)),
            my_note=Coalesce(F("mine__note"), models.Value("", output_field=models.TextField())),
            **numbers,
            **plain,
        )
    )


class _Reader:
    """From the tree to conditions. Each is made so that its negation means what it says, null columns included."""

    def __init__(self, user: models.Model, today: dt.date) -> None:
        self.user, self.today = user, today

    def condition(self, search: Search) -> Q:
        if isinstance(search, Text):
            words = search.words
            return Q(front__icontains=words) | Q(back__icontains=words) | Q(my_note__icontains=words)
        if isinstance(search, Not):
            return ~self.condition(search.part)
        if isinstance(search, Field):
            return self.field(search)
        found = Q()
        for part in search.parts:
            one = self.condition(part)
            found = found & one if isinstance(search, And) else found | one
        return found

    def field(self, term: Field) -> Q:
        name, value = term.name, term.value
        if name in _PART_OF:
            return Q(**{_PART_OF[name]: value})
        readers: dict[str, Callable[[str], Q]] = {
            "topic": self.topic,
            "concept": self.concept,
            "is": self.state,
            "rated": self.rated,
            "flag": lambda flag: Q(my_flag=FLAGS[flag]),
        }
        return readers[name](value) if name in readers else self.number(name, term.operator, float(value))

    def topic(self, value: str) -> Q:
        return Q(topic__slug__icontains=value) | Q(topic__code__iexact=value) | self.concept(value)

    def concept(self, value: str) -> Q:
        return Q(Exists(Concept.objects.filter(flashcards=OuterRef("pk"), slug__iexact=value)))

    def state(self, value: str) -> Q:
        states: dict[str, Q] = {
            "due": Q(my_suspended=False)
            & (
                Q(my_queue_day__isnull=False, my_queue_day__lte=self.today)
                | Q(my_state__in=(Card.State.LEARNING, Card.State.RELEARNING))
                | Q(my_promoted_at__isnull=False)
            ),
            "suspended": Q(my_suspended=True),
            "held": Q(my_held_until__isnull=False, my_held_until__gt=self.today),
            "flagged": Q(my_flag__gt=0),
            "leech": Q(my_lapses__gte=LEECH_LAPSES),
            "own": Q(owner__isnull=False),
            "noted": Q(my_note__gt=""),
        }
        return states[value] if value in states else Q(my_state=value)

    def rated(self, value: str) -> Q:
        days, _, rating = value.partition(":")
        since = self.today - dt.timedelta(days=int(days) - 1)
        events = (
            Review.objects.for_user(self.user).standing().filter(card__flashcard=OuterRef("pk"), study_day__gte=since)
        )
        if rating:
            events = events.filter(rating=RATINGS[rating])
        return Q(Exists(events))

    def number(self, name: str, operator: str, value: float) -> Q:
        how = _COMPARISONS[operator]
        if name == "due":
            day = self.today + dt.timedelta(days=int(value))
            found = Q(**{"my_queue_day__isnull": False, f"my_queue_day__{how}": day})
        else:
            known: dict[str, Any] = {} if name in ("lapses", "reps") else {f"my_{name}__isnull": False}
            found = Q(**known | {f"my_{name}__{how}": value})
        return ~found if operator == "!=" else found
