"""Planned breaks, catching up, and the streak."""

import datetime as dt
import uuid
from collections import Counter

import pytest

from prepsite.accounts.models import User
from quizzes import auditing, breaks, streaks
from quizzes.breaks import BadBreak
from quizzes.models import Break, Card, Flashcard
from quizzes.planning import Terms
from quizzes.reviewing import record_review, shown
from quizzes.scheduling import Settings, StudyClock
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)
AT_ONCE = Terms(Settings(learning_steps_minutes=()))

pytestmark = pytest.mark.django_db


def learn(user: User, flashcards: list[Flashcard], at: dt.datetime, rating: int = 4) -> None:
    for flashcard in flashcards:
        version = shown(user, flashcard, at).version
        record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=version, terms=AT_ONCE)


def days() -> Counter[dt.date | None]:
    return Counter(Card.objects.values_list("queue_day", flat=True))


def sound() -> bool:
    return list(auditing.disagreements(Card.objects.all())) == []


def test_what_falls_due_in_a_break_waits_for_the_days_after_it_and_stays_what_it_was(alice: User, bob: User) -> None:
    learn(alice, make_flashcards(10), NOON)
    learn(bob, list(Flashcard.objects.all()), NOON)
    before = {card.pk: (card.memory, card.queue_day) for card in Card.objects.all()}
    first, last = TODAY + 5 * DAY, TODAY + 13 * DAY
    breaks.plan_break(alice, first, last, TODAY)
    for card in Card.objects.for_user(alice):
        assert card.memory == before[card.pk][0]
        assert card.queue_day
        assert not first <= card.queue_day <= last
    assert all(card.queue_day == before[card.pk][1] for card in Card.objects.for_user(bob))
    shares = [n for day, n in Counter(c.queue_day for c in Card.objects.for_user(alice)).items() if day and day > last]
    assert sum(shares) == 10
    assert max(shares) <= 2, "spread over as many days as the break lasted"
    assert sound()


def test_a_break_called_off_gives_every_card_its_own_day_back(alice: User) -> None:
    learn(alice, make_flashcards(6), NOON)
    before = days()
    one = breaks.plan_break(alice, TODAY + 3 * DAY, TODAY + 30 * DAY, TODAY)
    other = breaks.plan_break(alice, TODAY + 31 * DAY, TODAY + 40 * DAY, TODAY)
    assert min(day for day in days() if day) == TODAY + 41 * DAY, "breaks that touch are one"
    breaks.call_off(alice, other, TODAY)
    assert min(day for day in days() if day) == TODAY + 31 * DAY
    breaks.call_off(alice, one, TODAY)
    assert days() == before


def test_a_break_from_today_on_takes_what_waits_already_with_it(alice: User) -> None:
    learn(alice, make_flashcards(2), NOON - 60 * DAY)
    breaks.plan_break(alice, TODAY, TODAY + DAY, TODAY)
    assert min(day for day in days() if day) == TODAY + 2 * DAY


@pytest.mark.parametrize(
    ("first", "last", "said"), [(3, 2, "ends before"), (-5, -1, "over already"), (0, 400, "a year at most")]
)
def test_a_break_that_cannot_be_is_refused(first: int, last: int, said: str, alice: User) -> None:
    with pytest.raises(BadBreak, match=said):
        breaks.plan_break(alice, TODAY + first * DAY, TODAY + last * DAY, TODAY)
    assert not Break.objects.exists()


def test_a_backlog_is_spread_evenly_the_likeliest_to_be_remembered_first(alice: User) -> None:
    strong, weak = make_flashcards(3), make_flashcards(3)
    learn(alice, strong, NOON - 40 * DAY)
    learn(alice, weak, NOON - 40 * DAY, rating=2)
    assert breaks.spread_backlog(alice, 3, TODAY) == 6
    due_today = Card.objects.for_user(alice).learned().filter(queue_day__lte=TODAY)
    assert {card.flashcard_id for card in due_today} <= {card.pk for card in strong}
    assert sorted(Counter(max(card.queue_day or TODAY, TODAY) for card in Card.objects.all()).values()) == [2, 2, 2]
    assert breaks.backlog(alice, TODAY).count() == 6
    assert breaks.spread_backlog(alice, 1, TODAY) == 6
    assert Card.objects.learned().filter(queue_day__lte=TODAY).count() == 6
    assert sound()


@pytest.mark.parametrize("number", [0, -1, 61])
def test_a_backlog_is_spread_over_days_that_make_sense(number: int, alice: User) -> None:
    with pytest.raises(ValueError, match="1 to 60"):
        breaks.spread_backlog(alice, number, TODAY)


def test_a_rating_ends_the_waiting(alice: User) -> None:
    cards = make_flashcards(4)
    learn(alice, cards, NOON - 40 * DAY)
    breaks.spread_backlog(alice, 4, TODAY)
    learn(alice, cards, NOON)
    assert not Card.objects.exclude(held_until=None).exists()
    assert all(card.queue_day == card.due_day for card in Card.objects.all())


class TestStreak:
    AWAY = Break(first_day=TODAY - 4 * DAY, last_day=TODAY - 2 * DAY)

    def test_counts_days_in_a_row_and_today_may_still_come(self) -> None:
        row = {TODAY - n * DAY for n in (1, 2, 3, 5)}
        assert streaks.streak(row, TODAY, []) == 3
        assert streaks.streak(row | {TODAY}, TODAY, []) == 4
        assert streaks.streak({TODAY - 2 * DAY}, TODAY, []) == 0

    def test_a_planned_break_neither_counts_nor_ends_it(self) -> None:
        row = {TODAY - n * DAY for n in (1, 5, 6)}
        assert streaks.streak(row, TODAY, [self.AWAY]) == 3
        assert streaks.streak(row, TODAY, []) == 1

    def test_is_read_in_two_queries(self, alice: User, django_assert_num_queries: object) -> None:
        learn(alice, make_flashcards(2), NOON - DAY)
        learn(alice, list(Flashcard.objects.all()), NOON)
        assert streaks.streak_of(alice, TODAY) == 2
