"""Who comes when: siblings apart, limits of the day, prerequisites first, sessions of one's own."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from prepsite.accounts.models import User
from quizzes import auditing, teaching_order
from quizzes.card_marks import Mark, mark
from quizzes.line_up import Line
from quizzes.models import Break, Card, Flashcard, Plan, Question, Review
from quizzes.planning import Terms, terms_of
from quizzes.review_queue import Queue, queue
from quizzes.reviewing import practise, record_review, shown
from quizzes.scheduling import Settings, StudyClock
from quizzes.scopes import Mode, Scope
from tests.quizzes.flashcards import make_flashcards, make_topic

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)
AT_ONCE = Terms(Settings(learning_steps_minutes=(), relearning_steps_minutes=()))

pytestmark = pytest.mark.django_db


def rate(user: User, flashcard: Flashcard, rating: int = 3, at: dt.datetime = NOON, **options: Any) -> Review:
    version = shown(user, flashcard, at).version
    return record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=version, **options)


def look(user: User, at: dt.datetime = NOON, **options: Any) -> Queue:
    return queue(user, at, CLOCK, **options)


def fronts(user: User, at: dt.datetime = NOON, *, rating: int = 4, **options: Any) -> list[str]:
    """Everything that comes on this day when each card is rated once, in order."""
    seen = []
    while following := look(user, at, **options).next:
        seen.append(following.flashcard.front.removeprefix("Front "))
        rate(user, following.flashcard, rating, at)
    return seen


def question(slug: str) -> Question:
    fields = {"title": "Q", "topic": make_topic(), "kind": "open", "level": "basic", "prompt": "?", "answer_short": "!"}
    return Question.objects.create(slug=slug, **fields)


class TestSiblings:
    def test_learned_siblings_that_are_due_at_once_come_on_different_days(self, alice: User) -> None:
        kin = make_flashcards(3, question=question("q"))
        other = make_flashcards(1)
        for flashcard in (*kin, *other):
            rate(alice, flashcard, 4, NOON - 60 * DAY, terms=AT_ONCE)
        assert look(alice).counts.due == 2
        assert len(fronts(alice)) == 2
        assert len(fronts(alice, NOON + DAY)) == 1
        assert len(fronts(alice, NOON + 2 * DAY)) == 1

    def test_a_new_card_waits_while_its_sibling_is_due_or_in_its_steps(self, alice: User) -> None:
        first, _ = make_flashcards(2, question=question("q"))
        rate(alice, first, 1, NOON)
        assert fronts(alice, NOON + MINUTE) == ["0"]
        later = [fronts(alice, NOON + day * DAY) for day in range(1, 5)]
        assert ["1"] in later
        assert all(len(day) <= 1 for day in later), later

    def test_the_promise_of_the_day_counts_them_as_one(self, alice: User) -> None:
        make_flashcards(4, question=question("q"))
        make_flashcards(2)
        promised = look(alice).counts
        assert (promised.new, promised.total) == (3, 3)
        assert len(fronts(alice)) == 3

    def test_their_days_differ_even_when_every_other_day_is_fuller(self, alice: User) -> None:
        first, second, *others = make_flashcards(60, question=question("q"))
        Flashcard.objects.filter(pk__in=[one.pk for one in others]).update(question=None)
        rate(alice, first, 4, NOON, terms=AT_ONCE)
        taken = Card.objects.get(flashcard=first).due_day
        assert taken
        crowded = [day for shift in range(-3, 4) if (day := taken + shift * DAY) != taken]
        for number, flashcard in enumerate(others):
            card = Card(user=alice, flashcard=flashcard, due=NOON, due_day=crowded[number % 6], state="review")
            card.queue_day = card.due_day
            card.save()
        rate(alice, second, 4, NOON, terms=AT_ONCE)
        assert Card.objects.get(flashcard=second).due_day != taken

    def test_a_card_brought_forward_comes_even_if_a_sibling_was_seen(self, alice: User) -> None:
        first, second = make_flashcards(2, question=question("q"))
        rate(alice, second, 4, NOON - 60 * DAY)
        rate(alice, first, 4)
        Card.objects.filter(flashcard=second).update(promoted_at=NOON, reason="from your lab")
        assert fronts(alice, NOON + MINUTE) == ["1"]


class TestLimits:
    def test_no_more_learned_cards_come_than_the_day_allows_and_the_rest_waits(self, alice: User) -> None:
        for flashcard in make_flashcards(5):
            rate(alice, flashcard, 4, NOON - 60 * DAY)
        Plan.objects.create(user=alice, reviews_per_day=2)
        terms = terms_of(alice, TODAY)
        assert look(alice, terms=terms).counts.due == 2
        assert len(fronts(alice, terms=terms)) == 2
        assert len(fronts(alice, NOON + DAY, terms=terms)) == 2

    def test_a_forgotten_card_comes_again_today_however_low_the_limit(self, alice: User) -> None:
        (only,) = make_flashcards(1)
        rate(alice, only, 4, NOON - 60 * DAY)
        terms = Terms(reviews_per_day=1)
        rate(alice, only, 1)
        assert look(alice, NOON + 11 * MINUTE, terms=terms).next

    def test_todays_own_limits_hold_today_alone(self, alice: User) -> None:
        Plan.objects.create(user=alice, new_per_day=3, today=TODAY, new_today=0, reviews_today=7)
        assert (terms_of(alice, TODAY).new_per_day, terms_of(alice, TODAY).reviews_per_day) == (0, 7)
        tomorrow = terms_of(alice, TODAY + DAY)
        assert (tomorrow.new_per_day, tomorrow.reviews_per_day) == (3, None)

    def test_no_card_is_put_off_beyond_the_eve_of_the_interview(self, alice: User) -> None:
        Plan.objects.create(user=alice, interview_on=TODAY + 6 * DAY)
        (only,) = make_flashcards(1)
        rate(alice, only, 4, NOON - 60 * DAY)
        rate(alice, only, 4, NOON, terms=terms_of(alice, TODAY))
        due = Card.objects.get().due_day
        assert due
        assert due <= TODAY + 5 * DAY
        assert list(auditing.disagreements(Card.objects.all())) == []

    def test_a_plan_costs_two_queries(self, alice: User, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(2):
            terms_of(alice, TODAY)


class TestTeachingOrder:
    def test_new_cards_come_after_those_of_the_topics_that_theirs_builds_on(self, alice: User) -> None:
        late = make_topic("attention", order=1)
        early = make_topic("recurrence", order=2)
        late.prerequisites.add(early)
        make_flashcards(1, late)
        make_flashcards(1, early)
        assert fronts(alice) == ["1", "0"]

    def test_ties_follow_the_curriculum_and_circles_end(self) -> None:
        order = {1: 30, 2: 20, 3: 10, 4: 40}
        assert teaching_order.ranks(order, {3: [1]}) == {2: 0, 1: 1, 3: 2, 4: 3}
        assert teaching_order.ranks(order, {1: [2], 2: [1], 3: [3]}) == {3: 0, 4: 1, 2: 2, 1: 3}


class TestBreakDays:
    def test_no_new_cards_come_on_a_day_of_a_break(self, alice: User) -> None:
        make_flashcards(2)
        Break.objects.create(user=alice, first_day=TODAY, last_day=TODAY + DAY)
        today = look(alice, terms=terms_of(alice, TODAY))
        assert today.next is None
        assert today.next_at == CLOCK.start_of(TODAY + 2 * DAY)

    def test_a_rating_sends_no_card_into_a_break_if_its_window_reaches_beyond(self, alice: User) -> None:
        away = Break(first_day=TODAY + 5 * DAY, last_day=TODAY + 8 * DAY)
        for flashcard in make_flashcards(12):
            rate(alice, flashcard, 4, NOON, terms=replace(AT_ONCE, breaks=(away,)))
        days = set(Card.objects.values_list("due_day", flat=True))
        assert not any(day and away.holds(day) for day in days), days
        assert list(auditing.disagreements(Card.objects.all())) == []

    def test_a_card_that_must_fall_into_a_break_waits_for_its_end(self, alice: User) -> None:
        (only,) = make_flashcards(1)
        away = Break(first_day=TODAY + DAY, last_day=TODAY + 20 * DAY)
        rate(alice, only, 3, NOON, terms=replace(AT_ONCE, breaks=(away,)))
        card = Card.objects.get()
        assert card.due_day
        assert away.holds(card.due_day)
        assert (card.queue_day, card.held_for) == (TODAY + 21 * DAY, "break")


class TestSessions:
    def test_ahead_brings_learned_cards_before_their_day_in_the_order_of_their_days(self, alice: User) -> None:
        first, second = make_flashcards(2)
        rate(alice, second, 4, NOON - 2 * DAY, terms=AT_ONCE)
        rate(alice, first, 4, NOON - DAY, terms=AT_ONCE)
        before = {card.flashcard_id: card.stability for card in Card.objects.all()}
        scope = Scope(Mode.AHEAD)
        assert look(alice).next is None or look(alice).counts.due == 0
        seen = fronts(alice, scope=scope)
        assert sorted(seen) == ["0", "1"]
        assert look(alice, scope=scope).next is None, "each comes once"
        after = {card.flashcard_id: card.stability for card in Card.objects.all()}
        assert all(after[key] > before[key] for key in before), "an early review is a real one"

    def test_practice_goes_on_until_each_card_went_well_and_changes_no_schedule(self, alice: User) -> None:
        first, _second = make_flashcards(2)
        rate(alice, first, 4, NOON - DAY)
        before = Card.objects.get().memory
        scope = Scope(Mode.CRAM, since=NOON)
        ratings, seen = iter([1, 3, 3]), []
        for minute in range(3):
            at = NOON + minute * MINUTE
            following = look(alice, at, scope=scope).next
            assert following
            seen.append(following.flashcard.front.removeprefix("Front "))
            practise(
                alice, following.flashcard, next(ratings), at, CLOCK, event_id=uuid.uuid4(), version=following.version
            )
        over = look(alice, NOON + 3 * MINUTE, scope=scope)
        assert seen == ["0", "1", "0"]
        assert (over.next, over.counts.done, over.counts.left) == (None, 2, 0)
        assert Card.objects.get(flashcard=first).memory == before
        assert Review.objects.standing().count() == 1
        assert list(auditing.disagreements(Card.objects.all())) == []

    def test_a_search_narrows_the_queue_and_lifts_the_limits(self, alice: User) -> None:
        make_flashcards(3, level="advanced")
        make_flashcards(3)
        terms = Terms(new_per_day=1)
        assert fronts(alice, scope=Scope(query="level:advanced"), terms=terms) == ["0", "1", "2"]

    def test_suspended_cards_are_left_out_of_every_session(self, alice: User) -> None:
        (only,) = make_flashcards(1)
        rate(alice, only, 4)
        mark(alice, [only], Mark.SUSPEND, NOON, CLOCK, event_id=uuid.uuid4())
        for mode in Mode:
            assert look(alice, NOON + 90 * DAY, scope=Scope(mode, since=NOON)).next is None


def test_waiting_cards_are_not_asked_one_by_one_whether_a_sibling_keeps_them(alice: User) -> None:
    """With ten thousand waiting cards, a question asked of each would read all of them for each of them."""
    due = str(Line(alice, NOON, TODAY, Scope(), Terms()).due().query)
    assert "EXISTS" not in due
    assert due.count("IN (SELECT") == 3


def test_what_comes_after_the_next_card_does_not_depend_on_its_rating(alice: User) -> None:
    kin = question("q")
    make_flashcards(2, question=kin)
    make_flashcards(3)
    while (today := look(alice)).next:
        promised = today.ahead
        for rating in (1, 2, 3, 4):
            given = rate(alice, today.next.flashcard, rating)
            following = look(alice)
            if promised:
                assert following.next
                assert (following.next.flashcard, following.next.version) == (promised.flashcard, promised.version)
            Card.objects.filter(pk=given.card_id).delete()
        rate(alice, today.next.flashcard, 4)
