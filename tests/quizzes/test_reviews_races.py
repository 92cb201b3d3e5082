"""Two tabs at the same instant, and a fortnight that crosses a change of the clocks and a move to another zone."""

import datetime as dt
import random
import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from prepsite.accounts.models import User
from quizzes import auditing
from quizzes.models import Card, Flashcard, Review
from quizzes.reviewing import NothingToUndo, StaleCard, queue, record_review, undo
from quizzes.scheduling import StudyClock
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
BERLIN = StudyClock("Europe/Berlin", 4)


def at_once(acts: list[Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned or raised."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        try:
            barrier.wait()
            found[number] = acts[number]()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            found[number] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
class TestAtTheSameInstant:
    @pytest.fixture
    def flashcard(self) -> Flashcard:
        return make_flashcards(1)[0]

    def test_one_rating_sent_six_times_is_one_review_with_one_answer(self, alice: User, flashcard: Flashcard) -> None:
        event_id = uuid.uuid4()
        answers = at_once([lambda: record_review(alice, flashcard, 3, NOON, BERLIN, event_id=event_id, version=0)] * 6)
        assert set(answers) == {Review.objects.get()}
        assert Card.objects.get().version == 1

    def test_of_six_tabs_that_rate_one_card_one_wins_and_five_are_told(self, alice: User, flashcard: Flashcard) -> None:
        answers = at_once(
            [lambda: record_review(alice, flashcard, 3, NOON, BERLIN, event_id=uuid.uuid4(), version=0)] * 6
        )
        assert sum(isinstance(answer, Review) for answer in answers) == 1
        assert sum(isinstance(answer, StaleCard) for answer in answers) == 5
        assert Review.objects.count() == Card.objects.get().version == 1

    def test_of_six_undos_of_one_rating_one_wins(self, alice: User, flashcard: Flashcard) -> None:
        record_review(alice, flashcard, 3, NOON, BERLIN, event_id=uuid.uuid4(), version=0)
        answers = at_once([lambda: undo(alice, NOON, BERLIN, uuid.uuid4())] * 6)
        assert sum(isinstance(answer, Review) for answer in answers) == 1
        assert all(isinstance(answer, Review | StaleCard | NothingToUndo) for answer in answers)
        assert list(auditing.disagreements(Card.objects.all())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_a_fortnight_across_a_change_of_the_clocks_and_a_move_leaves_every_card_equal_to_its_log(
    seed: int, alice: User
) -> None:
    make_flashcards(20)
    rng = random.Random(seed)
    lima = StudyClock("America/Lima", 6)
    for day in range(14):
        clock = BERLIN if day < 9 else lima  # the clocks change on 29 March, in the night after day 5
        at = dt.datetime(2026, 3, 24, 18, tzinfo=dt.UTC) + dt.timedelta(days=day)
        if day in (3, 4):
            continue  # days off
        # Now and then a device whose clock is behind.
        at -= dt.timedelta(hours=30 if day == 7 else 0)
        for _ in range(30):
            waiting = queue(alice, at, clock).next
            if waiting is None:
                break
            event = {"event_id": uuid.uuid4(), "version": waiting.version, "duration_ms": rng.randrange(9000)}
            rating = rng.choice([1, 2, 3, 3, 3, 4])
            review = record_review(alice, waiting.flashcard, rating, at, clock, **event)
            assert record_review(alice, waiting.flashcard, rating, at, clock, **event) == review
            at += dt.timedelta(seconds=rng.randrange(5, 40))
            if rng.random() < 0.1:
                undo(alice, at, clock, uuid.uuid4())
    assert list(auditing.disagreements(Card.objects.all())) == []
    assert Card.objects.filter(state="review").count() > 10
    standing = Review.objects.standing().count()
    assert sum(Card.objects.values_list("reps", flat=True)) == standing
    assert sum(Card.objects.values_list("version", flat=True)) == Review.objects.count() > standing
