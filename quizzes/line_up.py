"""Who stands in line: the cards that may come now, in the order of the queue, with siblings kept apart.

Siblings are cards cut from one question. They give each other's answer away, so a card waits for the next study day
while a sibling of it was seen today, is in its steps, or was brought forward by a mistake. Each group of the line is
one small query on an index of its own, so that ten thousand waiting cards cost what ten cost.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import models

from quizzes.card_log import Shown, shown_card, shown_of_all
from quizzes.models import Card, Flashcard, Review
from quizzes.models.card import CardQuerySet
from quizzes.models.flashcard import FlashcardQuerySet
from quizzes.planning import DayCards, Terms
from quizzes.scheduling import State
from quizzes.scopes import Mode, Scope, to_practise
from quizzes.teaching_order import in_order_of_prerequisites

LEARN_AHEAD = dt.timedelta(minutes=20)  # how early a step may come when nothing else waits, as in Anki
COUNTED = 1000  # beyond this, "1000 or more" says enough
SOUGHT = 20  # candidates for each new card: more than a question has siblings
LOOK_AHEAD = 5  # cards among which one of another question is sought
_WITH_TEXT = ("flashcard__topic", "flashcard__question")


@dataclass(frozen=True)
class Line:
    """One learner's line at `at`. `met` and `reviewed` are how many new and learned cards they have seen today."""

    user: models.Model
    at: dt.datetime
    today: dt.date
    scope: Scope
    terms: Terms
    met: int = 0
    reviewed: int = 0

    @property
    def chosen(self) -> DayCards | None:
        """The cards of the day as a plan chose them, where the day's queue is asked for."""
        return self.terms.chosen if self.scope.is_plain else None

    @property
    def new_allowed(self) -> int:
        if self.scope.mode is not Mode.DUE:
            return 0
        if self.chosen is not None:
            return max(0, len(self.chosen.new) - self.met)
        if self.scope.query:
            return COUNTED
        return 0 if self.terms.break_on(self.today) else max(0, self.terms.new_per_day - self.met)

    @property
    def reviews_allowed(self) -> int:
        most = self.terms.reviews_per_day
        if most is None or not self.scope.is_plain or self.chosen is not None:
            return COUNTED
        return max(0, most - self.reviewed)

    @property
    def cards(self) -> CardQuerySet:
        return self.scope.cards(self.user, self.today)

    def forward(self) -> CardQuerySet:
        return self.cards.brought_forward(self.today)

    def steps(self, until: dt.datetime) -> CardQuerySet:
        return self.cards.in_steps(self.today).filter(promoted_at=None, due__lte=until)

    def due(self) -> CardQuerySet:
        """Learned cards whose day has come, or those that a plan chose for today, or for reviewing ahead those whose
        day has not; siblings of today's left out."""
        learned = self.cards.learned().filter(promoted_at=None)
        if self.chosen is not None:
            own = models.Q(flashcard__owner=self.user.pk, queue_day__lte=self.today)
            learned = learned.filter(models.Q(flashcard__in=self.chosen.again) | own).exclude(last_day=self.today)
            learned = learned.not_held(self.today)
        elif self.scope.mode is Mode.AHEAD:
            learned = learned.filter(queue_day__gt=self.today).exclude(last_day=self.today)
        else:
            learned = learned.filter(queue_day__lte=self.today)
        for engaged in Card.objects.for_user(self.user).engaged(self.today):
            learned = learned.exclude(flashcard__question__in=engaged.questions())
        return learned

    def coming(self, last: dt.date) -> CardQuerySet:
        """Learned cards that fall due after today, up to the study day `last`, the first ones first."""
        return self.cards.learned().filter(promoted_at=None, queue_day__gt=self.today, queue_day__lte=last)

    def count_due(self) -> int:
        """How many of them will come today: of each question one, and no more than the day's limit."""
        one_each = self.due().annotate(
            kin=models.functions.Coalesce("flashcard__question_id", -models.F("flashcard_id"))
        )
        kin = models.Count("kin", distinct=True)
        found: int = one_each[:COUNTED].aggregate(all=kin)["all"]
        return min(self.reviews_allowed, found)

    def fresh(self, most: int | None = None) -> list[Flashcard]:
        """Flashcards that may be met today for the first time: prerequisites first, of each question one. Where a plan
        chose the day's cards, those and the learner's own; the usual ones follow if `most` asks for days to come."""
        further = most is not None
        most = (self.new_allowed if self.chosen is None else COUNTED) if most is None else most
        if not most:
            return []
        mine = Card.objects.for_user(self.user)
        untouched = models.Q(state=Card.State.NEW, suspended=False, promoted_at=None) & (
            models.Q(held_until=None) | models.Q(held_until__lte=self.today)
        )
        met = mine.filter(flashcard=models.OuterRef("pk")).exclude(untouched)
        flashcards = self.scope.flashcards(self.user, self.today).filter(~models.Exists(met))
        for engaged in mine.engaged(self.today):
            flashcards = flashcards.exclude(question__in=engaged.questions())
        candidates: list[tuple[int, int | None]] = []
        if self.chosen is not None:
            candidates = self._planned(flashcards, self.chosen.new)
            flashcards = flashcards.exclude(pk__in=[key for key, _ in candidates])
        if self.chosen is None or further:
            ordered = in_order_of_prerequisites(flashcards).values_list("pk", "question_id")
            candidates += ordered[: SOUGHT * most]
        keys = _one_of_each(candidates, self._due_questions(candidates), most)
        # First the keys, then the rows: sorting whole rows with their texts would cost several times as much.
        rows = Flashcard.objects.select_related("topic", "question").in_bulk(keys[:LOOK_AHEAD])
        return [rows.get(key) or Flashcard(pk=key) for key in keys]

    def _planned(self, flashcards: FlashcardQuerySet, chosen: Sequence[int]) -> list[tuple[int, int | None]]:
        """Keys and questions of those chosen, in their order, and of the learner's own as far as a day holds them."""
        own = flashcards.owned_by(self.user).order_by("order", "slug").values_list("pk", "question_id")
        met = Review.objects.for_user(self.user).standing().filter(study_day=self.today, before__state=State.NEW)
        allowed = max(0, self.terms.new_per_day - met.filter(card__flashcard__owner=self.user.pk).count())
        found = dict(flashcards.filter(pk__in=chosen).order_by().values_list("pk", "question_id"))
        return [*((key, found[key]) for key in chosen if key in found), *own[:allowed]]

    def _due_questions(self, candidates: Sequence[tuple[int, int | None]]) -> set[int]:
        """Those of the candidates' questions of which a learned card is due: it comes first, and its siblings wait."""
        asked = {question for _, question in candidates if question is not None}
        due = Card.objects.for_user(self.user).filter(suspended=False, queue_day__lte=self.today)
        if self.chosen is not None:
            due = due.filter(flashcard__in=self.chosen.again)
        return set(due.filter(flashcard__question__in=asked).order_by().values_list("flashcard__question", flat=True))

    def first_two(self, fresh: list[Flashcard], seen: int | None) -> tuple[Shown | None, Shown | None]:
        """The card that comes now, another question's than `seen` if there is a choice, and the one after it if that is
        certain enough to be shown before the rating has arrived."""
        found = self._in_line(fresh, seen)
        first = next(found, None)
        second = None
        if first is not None:
            kin = first.flashcard.question_id
            second = next((one for one in found if kin is None or one.flashcard.question_id != kin), None)
            return first, second
        soon = self.steps(self.at + LEARN_AHEAD).select_related(*_WITH_TEXT).first()
        return (shown_card(soon) if soon else None), None

    def _in_line(self, fresh: list[Flashcard], seen: int | None) -> Iterator[Shown]:
        """The front of the line, in order; a card of the question `seen` gives way to the others of its group."""
        if self.scope.practises:
            left = to_practise(self.user, self.scope, self.at, self.today).select_related("topic", "question")
            yield from _apart(shown_of_all(self.user, left[:LOOK_AHEAD], self.at), seen)
            return
        groups = [self.forward(), self.steps(self.at)]
        if self.reviews_allowed:
            groups.append(self.due())
        for group in groups:
            found = group.select_related(*_WITH_TEXT)[:LOOK_AHEAD]
            yield from _apart(map(shown_card, found), seen)
        if fresh:
            yield from _apart(shown_of_all(self.user, fresh[:LOOK_AHEAD], self.at), seen)


def _one_of_each(candidates: Sequence[tuple[int, int | None]], busy: set[int], most: int) -> list[int]:
    """The keys of the first candidates, of each question one, and none of a busy question."""
    keys: list[int] = []
    kin = set(busy)
    for key, question in candidates:
        if question is None or question not in kin:
            keys.append(key)
            kin.update([question] if question is not None else [])
    return keys[:most]


def _apart(group: Iterable[Shown], seen: int | None) -> list[Shown]:
    """Those of another question first: siblings give each other's answer away."""
    return sorted(group, key=lambda one: seen is not None and one.flashcard.question_id == seen)
