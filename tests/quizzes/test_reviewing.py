"""Rating, undoing and queueing cards."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepsite.accounts.models import User
from quizzes import auditing
from quizzes.day_load import load as load_of
from quizzes.models import Card, Flashcard, Question, Review
from quizzes.planning import Terms
from quizzes.reviewing import (
    EventClash,
    NothingToUndo,
    Queue,
    StaleCard,
    bring_forward,
    queue,
    record_review,
    shown,
    undo,
    why_now,
)
from quizzes.scheduling import Memory, Rating, Settings, StudyClock, preview
from tests.quizzes.flashcards import make_flashcards, make_topic

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(db: None) -> list[Flashcard]:
    return make_flashcards(3)


def rate(user: User, flashcard: Flashcard, rating: int = 3, at: dt.datetime = NOON, **options: Any) -> Review:
    """A rating from a page that is up to date."""
    options = {"event_id": uuid.uuid4(), "version": shown(user, flashcard, at).version} | options
    return record_review(user, flashcard, rating, at, CLOCK, **options)


def look(user: User, at: dt.datetime = NOON, **options: Any) -> Queue:
    return queue(user, at, CLOCK, **options)


def front(user: User, at: dt.datetime = NOON) -> str:
    following = look(user, at).next
    return following.flashcard.front if following else "nothing"


class TestRating:
    def test_the_first_rating_makes_the_card_and_logs_what_was_before_and_after(
        self, alice: User, cards: list[Flashcard]
    ) -> None:
        review = rate(alice, cards[0], 3, duration_ms=4200)
        card = Card.objects.get()
        assert (card.state, card.step, card.version, card.reps) == ("learning", 1, 1, 1)
        assert Memory.from_json(review.after) == card.memory
        assert review.before["state"] == "new"
        assert (review.zone, review.day_start_hour, review.study_day) == ("Europe/Berlin", 4, dt.date(2026, 3, 2))
        assert review.scheduler.startswith("fsrs-6/6.3.2 ")
        assert review.duration_ms == 4200

    def test_the_same_id_again_gives_the_same_answer_and_no_second_review(
        self, alice: User, cards: list[Flashcard]
    ) -> None:
        event_id = uuid.uuid4()
        first = rate(alice, cards[0], 3, event_id=event_id, version=0)
        again = rate(alice, cards[0], 4, NOON + MINUTE, event_id=event_id, version=0)
        assert again == first
        assert Review.objects.count() == 1
        assert Card.objects.get().version == 1

    def test_a_stale_page_is_refused_with_the_current_card(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 3)
        with pytest.raises(StaleCard) as caught:
            rate(alice, cards[0], 1, version=0)
        assert caught.value.shown.version == 1
        assert Review.objects.count() == 1

    def test_a_version_from_the_future_is_refused_and_leaves_no_card_behind(
        self, alice: User, cards: list[Flashcard]
    ) -> None:
        with pytest.raises(StaleCard):
            rate(alice, cards[0], 3, version=7)
        assert not Card.objects.exists()

    def test_an_id_that_another_card_or_learner_used_is_refused(
        self, alice: User, bob: User, cards: list[Flashcard]
    ) -> None:
        event_id = rate(alice, cards[0]).uuid
        with pytest.raises(EventClash):
            rate(alice, cards[1], event_id=event_id)
        with pytest.raises(EventClash):
            rate(bob, cards[0], event_id=event_id)
        assert Review.objects.count() == 1

    @pytest.mark.parametrize("rating", [0, 5])
    def test_a_rating_out_of_range_changes_nothing(self, rating: int, alice: User, cards: list[Flashcard]) -> None:
        with pytest.raises(ValueError, match="not a valid Rating"):
            rate(alice, cards[0], rating)
        assert not Card.objects.exists()

    def test_the_interval_that_was_offered_is_the_interval_given_even_on_the_first_rating(
        self, alice: User, cards: list[Flashcard]
    ) -> None:
        no_steps = Settings(learning_steps_minutes=())
        offered = shown(alice, cards[0], NOON)
        intervals = preview(offered.memory, NOON, CLOCK, no_steps, offered.seed)
        rate(alice, cards[0], 4, settings=no_steps)
        assert Card.objects.get().memory.interval_days == intervals[Rating.EASY].interval_days

    def test_two_learners_remember_the_same_flashcard_each_in_their_own_way(
        self, alice: User, bob: User, cards: list[Flashcard]
    ) -> None:
        rate(alice, cards[0], 4)
        rate(bob, cards[0], 1)
        assert {card.user.email: card.state for card in Card.objects.all()} == {
            alice.email: "review",
            bob.email: "learning",
        }


class TestUndo:
    def test_restores_the_card_and_keeps_the_rating_in_the_log(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 4)
        rate(alice, cards[0], 3, NOON + DAY)
        event = undo(alice, NOON + DAY, CLOCK, uuid.uuid4())
        card = Card.objects.get()
        assert card.memory == Memory.from_json(Review.objects.order_by("pk")[0].after)
        assert card.version == 3
        assert [review.kind for review in Review.objects.all()] == ["rating", "rating", "undo"]
        assert event.undoes == Review.objects.order_by("pk")[1]

    def test_goes_back_step_by_step_over_several_cards(self, alice: User, cards: list[Flashcard]) -> None:
        for minute, flashcard in enumerate(cards):
            rate(alice, flashcard, 3, NOON + minute * MINUTE)
        taken_back = [undo(alice, NOON + 5 * MINUTE, CLOCK, uuid.uuid4()).card.flashcard for _ in cards]
        assert taken_back == cards[::-1]
        assert {card.state for card in Card.objects.all()} == {"new"}
        with pytest.raises(NothingToUndo):
            undo(alice, NOON + 5 * MINUTE, CLOCK, uuid.uuid4())

    def test_the_same_id_again_takes_back_no_second_rating(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0])
        rate(alice, cards[1])
        event_id = uuid.uuid4()
        assert undo(alice, NOON, CLOCK, event_id) == undo(alice, NOON, CLOCK, event_id)
        assert Review.objects.standing().count() == 1

    def test_the_card_can_be_rated_again_afterwards(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 1)
        undo(alice, NOON, CLOCK, uuid.uuid4())
        rate(alice, cards[0], 4)
        assert Card.objects.get().reps == 1
        assert Card.objects.get().version == 3

    def test_a_page_from_before_the_undo_is_stale(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 3)
        undo(alice, NOON, CLOCK, uuid.uuid4())
        with pytest.raises(StaleCard):
            rate(alice, cards[0], 3, version=1)

    def test_never_takes_back_another_learners_rating(self, alice: User, bob: User, cards: list[Flashcard]) -> None:
        rate(bob, cards[0])
        with pytest.raises(NothingToUndo):
            undo(alice, NOON, CLOCK, uuid.uuid4())

    def test_leaves_a_rating_of_last_week_alone(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0])
        with pytest.raises(NothingToUndo):
            undo(alice, NOON + 7 * DAY, CLOCK, uuid.uuid4())

    def test_an_id_that_rated_a_card_cannot_undo(self, alice: User, cards: list[Flashcard]) -> None:
        event_id = rate(alice, cards[0]).uuid
        with pytest.raises(EventClash):
            undo(alice, NOON, CLOCK, event_id)


class TestQueue:
    def test_a_look_at_it_writes_nothing(self, alice: User, cards: list[Flashcard]) -> None:
        assert front(alice) == "Front 0"
        assert not Card.objects.exists()

    def test_shows_steps_then_due_cards_then_new_ones(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[1], 4, NOON - 20 * DAY)
        assert front(alice) == "Front 1"
        rate(alice, cards[2], 1, NOON - 5 * MINUTE)
        assert front(alice) == "Front 2"
        rate(alice, cards[2], 4)
        rate(alice, cards[1], 4)
        assert front(alice) == "Front 0"

    def test_a_step_that_is_almost_over_comes_early_when_nothing_else_waits(self, alice: User) -> None:
        (only,) = make_flashcards(1)
        rate(alice, only, 3)
        assert front(alice) == "Front 0"
        assert look(alice).counts.left == 1

    def test_new_cards_stop_at_the_days_limit_and_go_on_the_next_study_day(self, alice: User) -> None:
        for flashcard in make_flashcards(5)[:2]:
            rate(alice, flashcard, 4)
        today = look(alice, terms=Terms(new_per_day=2))
        assert today.next is None
        assert today.next_at == CLOCK.start_of(dt.date(2026, 3, 3))
        assert front(alice, CLOCK.start_of(dt.date(2026, 3, 3))) == "Front 2"

    def test_an_undone_first_rating_gives_its_place_among_the_new_ones_back(self, alice: User) -> None:
        make_flashcards(2)
        rate(alice, Flashcard.objects.get(front="Front 0"), 4)
        undo(alice, NOON, CLOCK, uuid.uuid4())
        again = look(alice, terms=Terms(new_per_day=1))
        assert again.next
        assert (again.next.flashcard.front, again.next.version) == ("Front 0", 2)

    def test_counts_what_is_done_and_what_is_left(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 4, NOON - 20 * DAY)
        rate(alice, cards[1], 4)
        counts = look(alice).counts
        assert (counts.done, counts.due, counts.new, counts.left, counts.total) == (1, 1, 1, 2, 3)

    def test_the_total_stays_while_cards_come_again_as_steps(self, alice: User, cards: list[Flashcard]) -> None:
        seen = []
        for minute, rating in enumerate((3, 1, 4)):
            rate(alice, cards[minute], rating, NOON + minute * MINUTE)
            today = look(alice, NOON + minute * MINUTE)
            seen.append((today.counts.done, today.counts.again, today.counts.finished, today.counts.total))
        assert seen == [(1, 1, 0, 3), (2, 2, 0, 3), (3, 2, 1, 3)]
        assert look(alice, NOON + 3 * MINUTE).repeats

    def test_cards_brought_forward_take_no_new_cards_place(self, alice: User, cards: list[Flashcard]) -> None:
        slip = make_flashcards(1, misconception="lstm-gate-order")[0]
        bring_forward(alice, slip.misconception, "from your lab", NOON)
        assert (
            look(alice, terms=Terms(new_per_day=2)).counts.due,
            look(alice, terms=Terms(new_per_day=2)).counts.new,
        ) == (1, 2)
        rate(alice, slip, 4)
        counts = look(alice, terms=Terms(new_per_day=2)).counts
        assert (counts.done, counts.due, counts.new, counts.total) == (1, 0, 2, 3)

    @pytest.mark.parametrize("rating", [3, 4])
    def test_a_day_reviewed_to_its_end_brings_the_cards_it_promised(self, rating: int, alice: User) -> None:
        flashcards = make_flashcards(20)
        rate(alice, flashcards[0], 4, NOON - 20 * DAY)
        make_flashcards(2, misconception="lstm-gate-order")
        bring_forward(alice, "lstm-gate-order", "from your lab", NOON)
        at, promised, met, ratings = NOON, look(alice).counts, set(), 0
        while (today := look(alice, at)).next:
            assert today.counts.total == promised.total == 13
            assert today.counts.done == len(met)
            assert today.repeats == (today.next.flashcard.pk in met)
            met.add(today.next.flashcard.pk)
            given = 1 if ratings == 5 else rating
            rate(alice, today.next.flashcard, given, at, version=today.next.version)
            at, ratings = at + MINUTE, ratings + 1
        assert len(met) == promised.left == today.counts.finished == 13

    def test_estimates_the_time_by_the_learners_own_pace_and_lets_no_lunch_break_count(self, alice: User) -> None:
        flashcards = make_flashcards(40)
        assert look(alice).minutes == 10, "ten new cards of three ratings, at a first guess of twenty seconds"
        for flashcard in flashcards[:10]:
            rate(alice, flashcard, 4, NOON - DAY, duration_ms=3_000_000)
        assert look(alice).minutes == 24

    def test_a_card_brought_forward_before_it_was_met_takes_the_time_of_a_new_one(self, alice: User) -> None:
        met, _ = make_flashcards(2, misconception="lstm-gate-order")
        rate(alice, met, 4, NOON - DAY)
        bring_forward(alice, "lstm-gate-order", "from your lab", NOON)
        today = look(alice)
        assert (today.counts.left, today.counts.unmet) == (2, 1)
        assert today.minutes == 2, "a minute and a third: one rating and three"

    def test_says_when_the_next_card_comes(self, alice: User) -> None:
        (only,) = make_flashcards(1)
        rate(alice, only, 4)
        card = Card.objects.get()
        empty = look(alice)
        assert empty.next is None
        assert empty.next_at == card.due

    def test_is_empty_without_flashcards(self, alice: User) -> None:
        assert look(alice).next is None
        assert look(alice).next_at is None

    def test_leaves_out_suspended_drafted_and_retired_cards(self, alice: User, cards: list[Flashcard]) -> None:
        rate(alice, cards[0], 4, NOON - 20 * DAY)
        Card.objects.update(suspended=True)
        Flashcard.objects.filter(pk=cards[1].pk).update(status="draft")
        rate(alice, cards[2], 4, NOON - 20 * DAY)
        Flashcard.objects.filter(pk=cards[2].pk).update(status="retired")
        assert look(alice).next is None
        assert look(alice).counts.left == 0

    def test_keeps_cards_of_one_question_apart(self, alice: User) -> None:
        topic = make_topic()
        questions = [
            Question.objects.create(
                slug=f"q{n}", title="Q", topic=topic, kind="open", level="basic", prompt="?", answer_short="!"
            )
            for n in range(2)
        ]
        make_flashcards(2, topic, question=questions[0])
        make_flashcards(2, topic, question=questions[1])

        def reviewed_on(day: int) -> list[str]:
            seen = []
            while following := look(alice, NOON + day * DAY).next:
                seen.append(following.flashcard.front)
                rate(alice, following.flashcard, 4, NOON + day * DAY)
            return seen

        assert reviewed_on(0) == ["Front 0", "Front 2"]
        assert reviewed_on(1) == ["Front 1", "Front 3"]

    def test_shows_the_card_that_was_asked_for_only_if_it_waits(self, alice: User, cards: list[Flashcard]) -> None:
        wanted = look(alice, first=cards[2].uuid).next
        assert wanted
        assert wanted.flashcard == cards[2]
        rate(alice, cards[2], 4)
        other = look(alice, first=cards[2].uuid).next
        assert other
        assert other.flashcard == cards[0]

    def test_costs_the_same_number_of_queries_for_one_card_and_for_many(self, alice: User) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                look(alice)
            return len(captured)

        make_flashcards(2)
        rate(alice, Flashcard.objects.get(front="Front 0"), 4, NOON - 20 * DAY)
        few = queries()
        for flashcard in make_flashcards(30):
            rate(alice, flashcard, 4, NOON - 20 * DAY)
        assert queries() <= few <= 15

    def test_another_learners_cards_do_not_show(self, alice: User, bob: User, cards: list[Flashcard]) -> None:
        rate(bob, cards[1], 4, NOON - 20 * DAY)
        assert front(alice) == "Front 0"
        assert look(alice).counts.due == 0


class TestBalancing:
    EASY = Settings(learning_steps_minutes=())

    def test_cards_of_one_question_fall_due_on_different_days(self, alice: User) -> None:
        topic = make_topic()
        question = Question.objects.create(
            slug="q", title="Q", topic=topic, kind="open", level="basic", prompt="?", answer_short="!"
        )
        for flashcard in make_flashcards(3, topic, question=question):
            rate(alice, flashcard, 4, settings=self.EASY)
        assert len(set(Card.objects.values_list("due_day", flat=True))) == 3

    def test_what_a_button_promises_stays_while_other_cards_are_rated(self, alice: User) -> None:
        wanted, *others = make_flashcards(12)
        for flashcard in others[:6]:
            rate(alice, flashcard, 4, NOON - DAY, settings=self.EASY)
        waits = shown(alice, wanted, NOON)
        load = load_of(alice, wanted, CLOCK.day(NOON))
        assert sum(load.values()) == 6
        promised = preview(waits.memory, NOON, CLOCK, self.EASY, waits.seed, load)[Rating.EASY]
        for flashcard in others[6:]:
            rate(alice, flashcard, 4, settings=self.EASY)
        given = rate(alice, wanted, 4, NOON + MINUTE, settings=self.EASY)
        assert given.memory_after.due_day == promised.due_day

    def test_the_load_is_kept_with_the_review_so_that_it_can_be_computed_again(self, alice: User) -> None:
        for flashcard in make_flashcards(12):
            rate(alice, flashcard, 4, NOON - DAY, settings=self.EASY)
        (last,) = make_flashcards(1)
        given = rate(alice, last, 4, settings=self.EASY)
        assert sum(given.load.values()) == 12
        assert list(auditing.disagreements(Card.objects.all())) == []


class TestBringingForward:
    @pytest.fixture
    def slip(self, db: None) -> Flashcard:
        return make_flashcards(1, misconception="lstm-gate-order", front="Which gate?")[0]

    def test_puts_a_card_never_met_at_the_front_with_its_reason(
        self, alice: User, cards: list[Flashcard], slip: Flashcard
    ) -> None:
        rate(alice, cards[1], 4, NOON - 20 * DAY)
        bring_forward(alice, "lstm-gate-order", "from your lab on 2 March", NOON)
        following = look(alice).next
        assert following
        assert (following.flashcard.front, following.reason) == ("Which gate?", "from your lab on 2 March")
        assert "from your lab" in why_now(following, NOON, CLOCK, Settings())

    def test_brings_a_card_forward_that_is_not_due_without_touching_what_is_remembered(
        self, alice: User, slip: Flashcard
    ) -> None:
        review = rate(alice, slip, 4)
        (card,) = bring_forward(alice, "lstm-gate-order", "from your lab", NOON + DAY)
        assert card.memory == Memory.from_json(review.after)
        assert card.version == 1
        assert front(alice, NOON + DAY) == "Which gate?"

    def test_ends_with_the_next_rating_and_returns_with_its_undo(self, alice: User, slip: Flashcard) -> None:
        bring_forward(alice, "lstm-gate-order", "from your lab", NOON)
        rate(alice, slip, 4)
        assert front(alice) == "nothing"
        undo(alice, NOON, CLOCK, uuid.uuid4())
        assert front(alice) == "Which gate?"
        assert Card.objects.get().reason == "from your lab"

    def test_twice_is_once(self, alice: User, slip: Flashcard) -> None:
        bring_forward(alice, "lstm-gate-order", "from your lab", NOON)
        bring_forward(alice, "lstm-gate-order", "from your quiz", NOON + MINUTE)
        card = Card.objects.get()
        assert (card.promoted_at, card.reason) == (NOON, "from your quiz")

    def test_a_misconception_without_a_card_changes_nothing(self, alice: User, slip: Flashcard) -> None:
        assert bring_forward(alice, "unheard-of", "from your lab", NOON) == []
        assert not Card.objects.exists()
