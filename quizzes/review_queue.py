"""The queue: which card a learner sees next, how many wait, and why this one now. Reading it never writes.

Order: cards that a mistake elsewhere brought forward, then steps whose minutes are over, then learned cards by the day
they fell due, then new flashcards in teaching order up to the day's limit, and at the very end steps that are almost
over. Each is one small query on an index of its own, so that ten thousand waiting cards cost what ten cost.
"""

import datetime as dt
import math
import uuid
from dataclasses import dataclass

from django.db import models

from quizzes.models import Card, Flashcard, Review
from quizzes.models.card import CardQuerySet, ReviewQuerySet
from quizzes.scheduling import Memory, Settings, State, StudyClock, retrievability

LOAD_AHEAD = dt.timedelta(days=100)  # the farthest day that fuzz.BALANCED_DAYS can reach, and a little
SIBLING_WEIGHS = 20  # cards; two cards of one question give each other's answer away
NEW_PER_DAY = 10  # flashcards met for the first time in their turn, each study day
LEARN_AHEAD = dt.timedelta(minutes=20)  # how early a step may come when nothing else waits, as in Anki
COUNTED = 1000  # beyond this, "1000 or more" says enough
SECONDS_PER_CARD = 20  # a first guess, until the learner's own pace is known
_GUESS_WEIGHS = 5  # ratings
_PACE_OF = 50  # ratings that the pace is taken from
_LOOK_AHEAD = 5  # cards among which one of another question is sought


@dataclass(frozen=True)
class Shown:
    """A flashcard as one learner meets it. `version` is what a rating must name; `seed` is what fuzz is drawn from."""

    flashcard: Flashcard
    memory: Memory
    version: int
    seed: str
    reason: str = ""

    @property
    def is_new(self) -> bool:
        return self.memory.state is State.NEW


@dataclass(frozen=True)
class Counts:
    """Distinct cards of one study day: those seen, those due and not seen yet, new ones still allowed, and of those
    seen the ones that come again today, as steps or after a mistake. A rating moves cards between these and so leaves
    `total` as it is."""

    done: int
    due: int
    new: int
    again: int = 0

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
    is the rating that an undo would take back."""

    next: Shown | None
    counts: Counts
    minutes: int
    next_at: dt.datetime | None
    last: Review | None
    repeats: bool = False  # whether the next card has been seen today


def queue(
    user: models.Model,
    at: dt.datetime,
    clock: StudyClock,
    *,
    new_per_day: int = NEW_PER_DAY,
    first: uuid.UUID | None = None,
) -> Queue:
    """The learner's queue at `at`. `first` is the flashcard to show first if it waits as well, as after an undo.

    The number of queries does not depend on the number of cards.
    """
    today = clock.day(at)
    start, end = clock.start_of(today), clock.start_of(today + dt.timedelta(days=1))
    cards = Card.objects.for_user(user)
    events = Review.objects.for_user(user)
    rated = events.standing().since(start)
    fresh = _new_flashcards(user, max(0, new_per_day - rated.met))
    again = models.Count("pk", filter=models.Q(last_day=today))
    left = cards.due(end, today)[:COUNTED].aggregate(all=models.Count("pk"), again=again)
    counts = Counts(rated.cards, left["all"] - left["again"], len(fresh), left["again"])
    last = events.undoable(at).select_related("card__flashcard").first()
    waiting = cards.due(at + LEARN_AHEAD, today)
    following = _first(user, waiting, first, fresh, at) or _next(user, cards, at, today, fresh, last)
    return Queue(
        next=following,
        counts=counts,
        minutes=math.ceil(counts.left * _seconds_per_card(events) / 60),
        next_at=None if following else _next_at(user, cards, clock, end),
        last=last,
        repeats=following is not None and following.memory.last_day == today,
    )


def shown(user: models.Model, flashcard: Flashcard, at: dt.datetime) -> Shown:
    """The flashcard as the learner meets it at `at`, due or not."""
    card = Card.objects.for_user(user).filter(flashcard=flashcard).first()
    if card is None:
        return Shown(flashcard, Memory(due=at), 0, str(card_uuid(user, flashcard)))
    card.flashcard = flashcard
    return _of_card(card)


def card_uuid(user: models.Model, flashcard: Flashcard) -> uuid.UUID:
    """The identity that a learner's card of a flashcard gets: known before the card is made, so that the interval which
    its first rating gives can be shown in advance."""
    return uuid.uuid5(flashcard.uuid, str(user.pk))


def load(user: models.Model, flashcard: Flashcard, today: dt.date) -> dict[dt.date, int]:
    """How many learned cards wait on each of the coming study days; a sibling of the flashcard counts as a crowd.

    Cards seen today are left out, siblings excepted: what a button promises does not change while others are rated.
    """
    cards = Card.objects.for_user(user).filter(due_day__gt=today, due_day__lte=today + LOAD_AHEAD, suspended=False)
    others = cards.exclude(last_day=today).values_list("due_day").annotate(models.Count("pk")).order_by()
    found = {day: number for day, number in others if day}
    if flashcard.question_id is not None:
        siblings = cards.filter(flashcard__question=flashcard.question_id).exclude(flashcard=flashcard)
        for day in siblings.values_list("due_day", flat=True):
            if day:
                found[day] = found.get(day, 0) + SIBLING_WEIGHS
    return found


def why_now(shown: Shown, at: dt.datetime, clock: StudyClock, settings: Settings) -> str:
    """One or two sentences on why this card comes now."""
    memory, today = shown.memory, clock.day(at)
    if shown.reason:
        return f"A mistake elsewhere brought it to the front: {shown.reason}."
    if memory.state is State.NEW or memory.last_day is None:
        return "It is new, and next in the order in which the topics build on each other."
    if memory.state is not State.REVIEW:
        return "You are learning it in steps of minutes; after the last step it comes back in days."
    recall = round(100 * retrievability(memory, at, clock, settings))
    seen = _days_ago((today - memory.last_day).days)
    aim = round(100 * settings.desired_retention)
    return f"You last saw it {seen}. Predicted recall today is {recall}%; cards come back when it nears {aim}%."


def _days_ago(days: int) -> str:
    return "earlier today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _next(
    user: models.Model,
    cards: CardQuerySet,
    at: dt.datetime,
    today: dt.date,
    fresh: list[Flashcard],
    last: Review | None,
) -> Shown | None:
    cards = cards.select_related("flashcard__topic", "flashcard__question")
    seen = last.card.flashcard.question_id if last else None
    over, due = cards.in_steps().filter(due__lte=at), cards.learned().filter(due_day__lte=today)
    for waiting in (cards.brought_forward(), over, due):
        found = list(waiting[:_LOOK_AHEAD])
        if found:
            card = next((card for card in found if _apart(card.flashcard, seen)), found[0])
            return _of_card(card)
    if fresh:
        return shown(user, next((flashcard for flashcard in fresh if _apart(flashcard, seen)), fresh[0]), at)
    soon = cards.in_steps().filter(due__lte=at + LEARN_AHEAD).first()
    return _of_card(soon) if soon else None


def _apart(flashcard: Flashcard, question: int | None) -> bool:
    """Whether it is cut from another question than the one just seen: siblings give each other's answer away."""
    return question is None or flashcard.question_id != question


def _first(
    user: models.Model, waiting: CardQuerySet, wanted: uuid.UUID | None, fresh: list[Flashcard], at: dt.datetime
) -> Shown | None:
    if wanted is None:
        return None
    card = waiting.select_related("flashcard__topic", "flashcard__question").filter(flashcard__uuid=wanted).first()
    if card:
        return _of_card(card)
    return next((shown(user, flashcard, at) for flashcard in fresh if flashcard.uuid == wanted), None)


def _new_flashcards(user: models.Model, allowed: int) -> list[Flashcard]:
    """Up to so many published flashcards that the learner has not met, in teaching order."""
    known = Card.objects.for_user(user).filter(flashcard=models.OuterRef("pk"))
    met = known.exclude(state=Card.State.NEW, suspended=False, promoted_at=None)
    flashcards = Flashcard.objects.published().filter(~models.Exists(met)).in_teaching_order()
    # First the keys, then the rows: sorting whole rows with their texts would cost several times as much.
    keys = list(flashcards.values_list("pk", flat=True)[:allowed]) if allowed else []
    rows = Flashcard.objects.select_related("topic", "question").in_bulk(keys) if keys else {}
    return [rows[key] for key in keys]


def _of_card(card: Card) -> Shown:
    return Shown(card.flashcard, card.memory, card.version, str(card.uuid), card.reason)


def _seconds_per_card(events: ReviewQuerySet) -> float:
    """The learner's own pace: the mean of the latest ratings, each counted with at most a minute. The first guess
    weighs as much as a handful of them, so that one quick card promises nothing."""
    latest = events.standing().filter(duration_ms__isnull=False).order_by("-pk").values_list("duration_ms", flat=True)
    seconds = [min(duration or 0, 60_000) / 1000 for duration in latest[:_PACE_OF]]
    return (_GUESS_WEIGHS * SECONDS_PER_CARD + sum(seconds)) / (_GUESS_WEIGHS + len(seconds))


def _next_at(user: models.Model, cards: CardQuerySet, clock: StudyClock, tomorrow: dt.datetime) -> dt.datetime | None:
    """When the first card comes that is not here yet; None if there is none."""
    learned = cards.learned().values_list("due_day", flat=True).first()
    step = cards.in_steps().values_list("due", flat=True).first()
    times = [step, clock.start_of(learned) if learned else None, tomorrow if _new_flashcards(user, 1) else None]
    return min((time for time in times if time), default=None)
