"""Undo and redo: many steps, in a log that only grows."""

import datetime as dt
import uuid

import pytest

from prepsite.accounts.models import User
from quizzes import auditing
from quizzes.card_log import EventClash
from quizzes.card_marks import Mark, mark
from quizzes.models import Card, Flashcard, Review
from quizzes.reviewing import NothingToRedo, practise, record_review, redo, shown, undo
from quizzes.scheduling import StudyClock
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(db: None) -> list[Flashcard]:
    return make_flashcards(4)


def rate(user: User, flashcard: Flashcard, rating: int = 3, at: dt.datetime = NOON) -> Review:
    version = shown(user, flashcard, at).version
    return record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=version)


def back(user: User, at: dt.datetime = NOON) -> Review:
    return undo(user, at, CLOCK, uuid.uuid4())


def forth(user: User, at: dt.datetime = NOON) -> Review:
    return redo(user, at, CLOCK, uuid.uuid4())


def set_mark(user: User, what: Mark, *flashcards: Flashcard) -> int:
    return mark(user, flashcards, what, NOON, CLOCK, event_id=uuid.uuid4())


def sound() -> bool:
    return list(auditing.disagreements(Card.objects.all())) == []


def test_a_redo_gives_back_what_the_undo_took_as_an_event_of_its_own(alice: User, cards: list[Flashcard]) -> None:
    given = rate(alice, cards[0], 4)
    back(alice)
    again = forth(alice, NOON + MINUTE)
    card = Card.objects.get()
    assert card.memory == given.memory_after
    assert (again.kind, again.rating, again.at, card.version) == ("rating", 4, NOON + MINUTE, 3)
    assert Review.objects.standing().get() == again
    assert sound()


def test_several_steps_back_and_forth_end_where_they_began(alice: User, cards: list[Flashcard]) -> None:
    for minute, rating in enumerate((4, 1, 3)):
        rate(alice, cards[minute], rating, NOON + minute * MINUTE)
    before = {card.pk: card.memory for card in Card.objects.all()}
    for _ in range(2):
        assert [back(alice).card.flashcard for _ in range(3)] == cards[2::-1]
        assert [forth(alice).card.flashcard for _ in range(3)] == cards[:3]
    assert {card.pk: card.memory for card in Card.objects.all()} == before
    assert Review.objects.count() == 3 + 12, "nothing is ever deleted"
    assert sound()


def test_a_new_rating_clears_what_could_be_redone(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0])
    rate(alice, cards[1])
    back(alice)
    back(alice)
    forth(alice)
    rate(alice, cards[2])
    with pytest.raises(NothingToRedo):
        forth(alice)
    assert back(alice).card.flashcard == cards[2]
    assert forth(alice).card.flashcard == cards[2]


def test_a_redo_of_last_week_is_refused_and_so_is_one_of_another_learner(
    alice: User, bob: User, cards: list[Flashcard]
) -> None:
    rate(alice, cards[0])
    back(alice)
    for user, at in ((alice, NOON + 7 * DAY), (bob, NOON)):
        with pytest.raises(NothingToRedo):
            forth(user, at)


def test_the_same_id_again_does_nothing_again_once(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0])
    rate(alice, cards[1])
    back(alice)
    back(alice)
    event_id = uuid.uuid4()
    assert redo(alice, NOON, CLOCK, event_id) == redo(alice, NOON, CLOCK, event_id)
    assert Review.objects.standing().count() == 1
    with pytest.raises(EventClash):
        undo(alice, NOON, CLOCK, event_id)


def test_suspending_and_flagging_are_taken_back_in_their_turn(alice: User, cards: list[Flashcard]) -> None:
    """A slip of the finger on “suspend” and then undo must not take back the rating before it."""
    given = rate(alice, cards[0], 4)
    set_mark(alice, Mark.SUSPEND, cards[0])
    set_mark(alice, Mark.FLAG_RED, cards[0])
    back(alice)
    back(alice)
    card = Card.objects.get()
    assert (card.suspended, card.flag, card.memory) == (False, 0, given.memory_after)
    forth(alice)
    assert Card.objects.get().suspended
    assert sound()


def test_many_cards_marked_at_once_are_taken_back_at_once(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0], 4)
    assert set_mark(alice, Mark.SUSPEND, *cards) == 4
    assert set_mark(alice, Mark.SUSPEND, *cards) == 0
    back(alice)
    assert not Card.objects.filter(suspended=True).exists()
    forth(alice)
    assert Card.objects.filter(suspended=True).count() == 4
    back(alice)
    assert back(alice).undoes.kind == "rating"  # type: ignore[union-attr]
    assert sound()


def test_burying_waits_for_the_next_study_day_and_the_next_rating_ends_it(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0], 4, NOON - 30 * DAY)
    set_mark(alice, Mark.BURY, cards[0])
    card = Card.objects.get()
    assert (card.held_until, card.queue_day) == (dt.date(2026, 3, 3), dt.date(2026, 3, 3))
    rate(alice, cards[0], 3)
    assert Card.objects.get().held_until is None
    back(alice)
    assert Card.objects.get().held_until == dt.date(2026, 3, 3)
    assert sound()


def test_practice_leaves_the_memory_alone_and_is_taken_back_like_the_rest(alice: User, cards: list[Flashcard]) -> None:
    given = rate(alice, cards[0], 4)
    practised = practise(alice, cards[0], 1, NOON + MINUTE, CLOCK, event_id=uuid.uuid4(), version=1)
    card = Card.objects.get()
    assert (card.memory, card.version, practised.kind) == (given.memory_after, 2, "practice")
    assert Review.objects.standing().count() == 1
    assert back(alice, NOON + MINUTE).undoes == practised
    assert sound()


def test_a_note_survives_every_undo(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0])
    Card.objects.update(note="mine")
    back(alice)
    assert Card.objects.get().note == "mine"


def test_the_proof_notices_a_flag_that_no_event_set(alice: User, cards: list[Flashcard]) -> None:
    rate(alice, cards[0])
    Card.objects.update(flag=2)
    assert "flagged or suspended" in next(iter(auditing.disagreements(Card.objects.all())))
