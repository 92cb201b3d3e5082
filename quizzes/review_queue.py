"""The queue: which card a learner sees next, and how many wait. Reading it never writes.

Order: cards that a mistake elsewhere brought forward, then steps whose minutes are over, then learned cards by the day
they fell due, then new flashcards after their prerequisites up to the day's limit, and at the very end steps that are
almost over.
"""

import datetime as dt
import math
import uuid
from dataclasses import dataclass

from django.db import models

from quizzes.card_log import Shown, shown, shown_card
from quizzes.line_up import COUNTED, LEARN_AHEAD, Line
from quizzes.models import Card, Flashcard, Review
from quizzes.models.review import ReviewQuerySet
from quizzes.planning import ONE_DAY, Terms
from quizzes.readiness import Effort
from quizzes.scheduling import State, StudyClock
from quizzes.scopes import Mode, Scope, practised, to_practise

SECONDS_PER_CARD = 20  # a first guess, until the learner's own pace is known
RATINGS_OF_NEW = Effort.new / Effort.recalled  # that a card takes on the day on which it is met, with its steps
_GUESS_WEIGHS = 5  # ratings
_PACE_OF = 50  # ratings that the pace is taken from


@dataclass(frozen=True)
class Counts:
    """Distinct cards of one study day: those seen, those due and not seen yet, new ones still allowed, and of those
    seen the ones that come again today, as steps or after a mistake. A rating moves cards between these and so leaves
    `total` as it is. `unmet` are those of the due that were never met: a mistake brought
    them forward. In a practice session: those that went well, and those left."""

    done: int
    due: int
    new: int
    again: int = 0
    unmet: int = 0

    @property
    def left(self) -> int:
        return self.due + self.new + self.again

    @property
    def total(self) -> int:
        return self.done + self.due + self.new

    @property
    def finished(self) -> int:
        return max(0, self.done - self.again)


@dataclass(frozen=True)
class Queue:
    """`minutes` is an estimate for what is left. `next_at` says when the next card comes if none is there now. `last`
    is what an undo would take back, `redo` the undo that a redo would take back. `ahead` is the card that comes after
    `next` whatever the rating, if there is one."""

    next: Shown | None
    counts: Counts
    minutes: int
    next_at: dt.datetime | None
    last: Review | None
    redo: Review | None = None
    ahead: Shown | None = None
    repeats: bool = False  # whether the next card has been seen today


def queue(
    user: models.Model,
    at: dt.datetime,
    clock: StudyClock,
    *,
    terms: Terms | None = None,
    scope: Scope | None = None,
    first: uuid.UUID | None = None,
) -> Queue:
    """The learner's queue at `at`. `first` is the flashcard to show first if it waits as well, as after an undo.

    The number of queries does not depend on the number of cards. Raises searching.BadSearch for a scope whose search
    cannot be read.
    """
    today = clock.day(at)
    events = Review.objects.for_user(user)
    seen = events.standing().since(clock.start_of(today))
    line = Line(user, at, today, scope or Scope(), terms or Terms(), seen.met, seen.reviewed)
    fresh = line.fresh()
    counts = _practice_counts(line) if line.scope.practises else _counts(line, clock, seen.cards, len(fresh))
    last = events.undoable(at).select_related("card__flashcard").first()
    following, ahead = line.first_two(fresh, last.card.flashcard.question_id if last else None)
    if wanted := _wanted(line, first, fresh):
        following, ahead = wanted, None
    return Queue(
        next=following,
        counts=counts,
        minutes=math.ceil(
            (counts.left + (RATINGS_OF_NEW - 1) * (counts.new + counts.unmet)) * seconds_per_card(events) / 60
        ),
        next_at=None if following else _next_at(line, clock),
        last=last,
        redo=events.redoable(at).select_related("undoes").first(),
        ahead=ahead,
        repeats=following is not None and following.memory.last_day == today and not line.scope.practises,
    )


def _counts(line: Line, clock: StudyClock, done: int, new: int) -> Counts:
    end = clock.start_of(line.today + ONE_DAY)
    again = models.Q(last_day=line.today)
    unmet = models.Q(state=Card.State.NEW)
    early = (
        line.forward()
        .order_by()[:COUNTED]
        .aggregate(
            all=models.Count("pk"),
            again=models.Count("pk", filter=again),
            unmet=models.Count("pk", filter=unmet),
        )
    )
    steps = (
        line.steps(end).order_by()[:COUNTED].aggregate(all=models.Count("pk"), again=models.Count("pk", filter=again))
    )
    repeats = early["again"] + steps["again"]
    return Counts(done, early["all"] + steps["all"] - repeats + line.count_due(), new, repeats, early["unmet"])


def _practice_counts(line: Line) -> Counts:
    left = to_practise(line.user, line.scope, line.at, line.today).order_by()[:COUNTED].count()
    return Counts(practised(line.user, line.scope), left, 0)


def _wanted(line: Line, wanted: uuid.UUID | None, fresh: list[Flashcard]) -> Shown | None:
    """The card asked for, if it waits today as well."""
    if wanted is None:
        return None
    flashcard = Flashcard.objects.for_learner(line.user).filter(uuid=wanted)
    flashcard = flashcard.select_related("topic", "question")
    card = Card.objects.for_user(line.user).filter(flashcard__uuid=wanted, suspended=False).first()
    found = flashcard.first()
    if found is None:
        return None
    if card is None or card.memory.state is State.NEW:
        waits = any(one.pk == found.pk for one in fresh) or bool(card and card.promoted_at)
        return shown(line.user, found, line.at) if waits or line.scope.practises else None
    card.flashcard = found
    held = card.held_until is not None and card.held_until > line.today
    early = line.scope.mode is Mode.AHEAD or line.scope.practises or card.promoted_at is not None
    waits = card.memory.is_due(line.at + LEARN_AHEAD, line.today)
    return shown_card(card) if early or (waits and not held) else None


def seconds_per_card(events: ReviewQuerySet) -> float:
    """The learner's own pace: the mean of the latest ratings, each counted with at most a minute. The first guess
    weighs as much as a handful of them, so that one quick card promises nothing."""
    latest = events.standing().filter(duration_ms__isnull=False).order_by("-pk").values_list("duration_ms", flat=True)
    seconds = [min(duration or 0, 60_000) / 1000 for duration in latest[:_PACE_OF]]
    return (_GUESS_WEIGHS * SECONDS_PER_CARD + sum(seconds)) / (_GUESS_WEIGHS + len(seconds))


def _next_at(line: Line, clock: StudyClock) -> dt.datetime | None:
    """When the first card comes that is not here yet; None if there is none."""
    tomorrow = line.today + ONE_DAY
    cards = Card.objects.for_user(line.user)
    learned = cards.learned().values_list("queue_day", flat=True).first()
    step = cards.in_steps(line.today).values_list("due", flat=True).first()
    more = bool(line.terms.new_per_day) and _unmet(line)
    days = [max(learned, tomorrow) if learned else None, line.terms.first_day_back(tomorrow) if more else None]
    times = [step, *(clock.start_of(day) for day in days if day)]
    return min((time for time in times if time), default=None)


def _unmet(line: Line) -> bool:
    """Whether there are cards that this learner has still to meet, today's limit and today's siblings aside."""
    known = Card.objects.for_user(line.user).filter(flashcard=models.OuterRef("pk"))
    touched = known.exclude(state=Card.State.NEW, suspended=False)
    return Flashcard.objects.for_learner(line.user).filter(~models.Exists(touched)).exists()
