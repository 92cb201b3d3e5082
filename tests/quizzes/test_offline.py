"""Ratings that come from a device without a network: counted once, at their own time, whatever happened meanwhile."""

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from quizzes import offline
from quizzes.card_marks import Mark, mark
from quizzes.models import Break, Card, Flashcard, Plan, Review
from quizzes.scheduling import Settings, StudyClock
from tests.quizzes.factories import make_flashcard, make_guide, make_question
from tests.quizzes.flashcards import make_flashcards
from tests.quizzes.histories import rate

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
BERLIN = StudyClock("Europe/Berlin", 4)
SENT = NOW.timestamp() * 1000
HOUR = 3_600_000


def told(card: Flashcard, rating: int = 3, hours_ago: float = 1, /, **fields: Any) -> dict[str, Any]:
    given = {"id": str(uuid.uuid4()), "flashcard": str(card.uuid), "rating": rating, "version": 0}
    return given | {"at": SENT - hours_ago * HOUR, "duration_ms": 1200} | fields


def take(user: User, *ratings: Any, sent_at: float = SENT) -> list[tuple[str, str]]:
    return [(one.result, one.why) for one in offline.take_in(user, ratings, sent_at, NOW, BERLIN)]


def proven() -> None:
    call_command("replay", check=True, stdout=io.StringIO())


def test_a_rating_counts_at_the_time_at_which_it_was_given(alice: User) -> None:
    card = make_flashcard()
    assert take(alice, told(card, 3, 20)) == [("counted", "")]
    review = Review.objects.get()
    assert review.at == NOW - dt.timedelta(hours=20)
    assert review.study_day == dt.date(2026, 3, 9)
    assert review.duration_ms == 1200
    proven()


def test_sent_again_it_counts_once(alice: User) -> None:
    given = told(make_flashcard())
    assert take(alice, given, given) == [("counted", ""), ("known", "")]
    assert take(alice, given) == [("known", "")]
    assert Review.objects.count() == 1


def test_ratings_of_one_card_count_in_the_order_in_which_they_were_given(alice: User) -> None:
    card = make_flashcard()
    late, early = told(card, 3, 1), told(card, 1, 2)
    assert [result for result, _ in take(alice, late, early)] == ["counted", "counted"]
    assert list(Review.objects.values_list("rating", flat=True)) == [1, 3]
    proven()


def test_a_card_that_another_device_rated_meanwhile_is_as_if_all_had_come_in_time(alice: User, bob: User) -> None:
    card = make_flashcard()
    days = ((-9, 3), (-7, 3), (-3, 1), (0, 3))
    for number, rating in days:
        rate(bob, card, rating, NOW + dt.timedelta(days=number, hours=-1), BERLIN, settings=Settings(fuzz=False))
    for number, rating in (days[0], days[1], days[3]):
        rate(alice, card, rating, NOW + dt.timedelta(days=number, hours=-1), BERLIN, settings=Settings(fuzz=False))
    there = list(Review.objects.filter(user=alice).values_list("uuid", flat=True))
    assert take(alice, told(card, 1, 3 * 24 + 1)) == [("counted", "")]
    hers, his = Card.objects.get(user=alice), Card.objects.get(user=bob)
    assert (hers.stability, hers.difficulty) == (his.stability, his.difficulty)
    assert (hers.reps, hers.lapses, hers.last_review) == (his.reps, his.lapses, his.last_review)
    stand = Review.objects.for_user(alice).standing().order_by("pk")
    assert list(stand.values_list("rating", flat=True)) == [3, 3, 1, 3]
    assert [one.at for one in stand] == sorted(one.at for one in stand)
    assert Review.objects.filter(uuid__in=there).count() == 3  # the log only grew
    proven()


def test_a_late_rating_sent_again_changes_nothing(alice: User) -> None:
    card = make_flashcard()
    rate(alice, card, 3, NOW - dt.timedelta(hours=1), BERLIN)
    late = told(card, 1, 5)
    assert take(alice, late) == [("counted", "")]
    events = Review.objects.count()
    assert take(alice, late) == [("known", "")]
    assert Review.objects.count() == events
    proven()


def test_several_late_ratings_of_two_devices_find_their_places(alice: User) -> None:
    card = make_flashcard()
    for hours in (50, 20, 2):
        rate(alice, card, 3, NOW - dt.timedelta(hours=hours), BERLIN)
    assert {result for result, _ in take(alice, told(card, 2, 30), told(card, 1, 60), told(card, 4, 1))} == {"counted"}
    stand = Review.objects.standing().order_by("pk")
    assert list(stand.values_list("rating", flat=True)) == [1, 3, 2, 3, 3, 4]
    proven()


def test_a_late_rating_sends_no_card_into_a_planned_break(alice: User) -> None:
    card = make_flashcard()
    first, last = NOW.date() + ONE_DAY, NOW.date() + 300 * ONE_DAY
    Break.objects.create(user=alice, first_day=first, last_day=last)
    take(alice, told(card, 4, 1))
    take(alice, told(card, 4, 30))  # of another device, and given before
    assert Card.objects.get().queue_day == last + ONE_DAY
    proven()


def test_a_late_rating_leaves_flags_and_suspension_alone(alice: User) -> None:
    card = make_flashcard()
    rate(alice, card, 3, NOW - dt.timedelta(hours=3), BERLIN)
    mark(alice, [card], Mark.FLAG_RED, NOW - dt.timedelta(hours=2), BERLIN, event_id=uuid.uuid4())
    mark(alice, [card], Mark.SUSPEND, NOW - dt.timedelta(hours=1), BERLIN, event_id=uuid.uuid4())
    assert take(alice, told(card, 1, 5)) == [("counted", "")]
    kept = Card.objects.get()
    assert (kept.suspended, kept.flag, kept.reps) == (True, Card.Flag.RED, 2)
    proven()


def test_a_device_whose_clock_goes_wrong_is_set_right(alice: User) -> None:
    card = make_flashcard()
    year = 365 * 24 * HOUR
    assert take(alice, told(card, at=SENT + year - HOUR), sent_at=SENT + year) == [("counted", "")]
    assert Review.objects.get().at == NOW - dt.timedelta(hours=1)


@pytest.mark.parametrize("at", [SENT + HOUR, SENT - 10_000 * 24 * HOUR])
def test_a_rating_from_the_future_or_from_long_ago_is_kept_within_bounds(alice: User, at: float) -> None:
    assert take(alice, told(make_flashcard(), at=at)) == [("counted", "")]
    assert NOW - offline.OLDEST <= Review.objects.get().at <= NOW
    proven()


@pytest.mark.parametrize(
    "fields",
    [
        {"rating": 5},
        {"rating": 0},
        {"rating": "3"},
        {"rating": True},
        {"rating": None},
        {"id": "x"},
        {"flashcard": 3},
        {"at": "x"},
        {"at": float("nan")},
        {"at": 1e300},
        {"duration_ms": "long"},
    ],
)
def test_what_is_no_rating_is_refused_with_a_sentence_and_the_rest_counts(alice: User, fields: dict[str, Any]) -> None:
    good, bad = make_flashcards(2)
    answers = dict(take(alice, told(bad, **fields), told(good)))
    assert answers["counted"] == ""
    assert answers["refused"].endswith("it was not counted.")
    assert Review.objects.get().card.flashcard == good


def test_a_card_that_is_gone_is_said(alice: User) -> None:
    card = make_flashcard()
    [(result, why)] = take(alice, told(card, flashcard=str(uuid.uuid4())))
    assert result == "refused"
    assert "no longer here" in why


def test_anothers_id_is_refused_and_tells_nothing(alice: User, bob: User) -> None:
    card = make_flashcard()
    given = told(card)
    take(bob, given)
    [(result, why)] = take(alice, given)
    assert (result, "bob" in why) == ("refused", False)
    assert not Review.objects.filter(user=alice).exists()


def test_a_device_takes_along_what_waits_and_some_new(alice: User) -> None:
    due, later, suspended, *new = make_flashcards(20)
    rate(alice, due, 3, NOW - dt.timedelta(days=40), BERLIN)
    rate(alice, due, 3, NOW - dt.timedelta(days=39), BERLIN)
    rate(alice, later, 4, NOW - dt.timedelta(hours=30), BERLIN)
    rate(alice, suspended, 4, NOW - dt.timedelta(days=30), BERLIN)
    Card.objects.filter(flashcard=suspended).update(suspended=True)
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    assert [(one.flashcard, one.version) for one in taken] == [(due, 2), *((card, 0) for card in new)]
    today = BERLIN.start_of(NOW.date())
    assert {one.opens for one in taken[:11]} == {today}
    assert {one.opens for one in taken[11:]} == {BERLIN.start_of(NOW.date() + ONE_DAY)}


def test_a_device_takes_along_what_falls_due_on_the_coming_days(alice: User) -> None:
    tomorrow, in_three_days, in_four_days, sibling = make_flashcards(4)
    Flashcard.objects.filter(pk__in=(tomorrow.pk, sibling.pk)).update(question=make_question())
    for days, card in ((1, tomorrow), (3, in_three_days), (4, in_four_days)):
        rate(alice, card, 4, NOW - 9 * ONE_DAY, BERLIN)
        Card.objects.filter(flashcard=card).update(queue_day=NOW.date() + days * ONE_DAY)
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    assert [(one.flashcard, one.opens) for one in taken] == [
        (tomorrow, BERLIN.start_of(NOW.date() + ONE_DAY)),
        (in_three_days, BERLIN.start_of(NOW.date() + 3 * ONE_DAY)),
    ]  # a new sibling does not come along with the card that gives it away


def test_the_daily_limit_holds_for_the_coming_days_as_well(alice: User) -> None:
    Plan.objects.create(user=alice, new_per_day=0, reviews_per_day=2)
    for card in make_flashcards(5):
        rate(alice, card, 4, NOW - 9 * ONE_DAY, BERLIN)
    Card.objects.update(queue_day=NOW.date() + ONE_DAY)
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    assert [one.opens for one in taken] == [BERLIN.start_of(NOW.date() + days * ONE_DAY) for days in (1, 1, 2, 2, 3)]


def test_a_plans_cards_come_along_first_and_the_usual_ones_for_the_days_after(alice: User) -> None:
    cards = make_flashcards(30)
    chosen = [cards[20].pk, cards[21].pk]
    Plan.objects.create(
        user=alice,
        new_per_day=2,
        interview_on=NOW.date() + 9 * ONE_DAY,
        today=NOW.date(),
        chosen={"again": [], "new": chosen},
    )
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    assert [one.flashcard.pk for one in taken] == [*chosen, *(card.pk for card in cards[:6])]
    assert {one.opens for one in taken[:2]} == {BERLIN.start_of(NOW.date())}
    assert BERLIN.start_of(NOW.date()) not in {one.opens for one in taken[2:]}


def test_a_card_that_the_plan_draws_forward_comes_along_once(alice: User) -> None:
    card = make_flashcard()
    rate(alice, card, 4, NOW - 9 * ONE_DAY, BERLIN)
    Card.objects.update(queue_day=NOW.date() + 2 * ONE_DAY)
    day = NOW.date()
    Plan.objects.create(
        user=alice, new_per_day=0, interview_on=day + 9 * ONE_DAY, today=day, chosen={"again": [card.pk], "new": []}
    )
    assert [one.opens for one in offline.cards_to_take(alice, NOW, BERLIN)] == [BERLIN.start_of(day)]


def test_what_a_mistake_brought_forward_opens_at_once(alice: User) -> None:
    card = make_flashcard()
    rate(alice, card, 4, NOW - 9 * ONE_DAY, BERLIN)
    Card.objects.update(queue_day=NOW.date() + 2 * ONE_DAY, promoted_at=NOW, reason="a mistake")
    assert [one.opens for one in offline.cards_to_take(alice, NOW, BERLIN)] == [BERLIN.start_of(NOW.date())]


def test_no_new_cards_are_taken_along_for_a_break(alice: User) -> None:
    Plan.objects.create(user=alice, new_per_day=1)
    make_flashcards(9)
    assert len(offline.cards_to_take(alice, NOW, BERLIN)) == 4
    first = NOW.date() + ONE_DAY
    Break.objects.create(user=alice, first_day=first, last_day=first + ONE_DAY)
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    assert [one.opens for one in taken] == [BERLIN.start_of(NOW.date()), BERLIN.start_of(first + 2 * ONE_DAY)]


def test_no_day_takes_along_more_reviews_than_its_limit(alice: User) -> None:
    Plan.objects.create(user=alice, new_per_day=0, reviews_per_day=2)
    cards = make_flashcards(9)
    for number, card in enumerate(cards):
        rate(alice, card, 4, NOW - 9 * ONE_DAY, BERLIN)
        day = NOW.date() + (number >= 3) * ONE_DAY
        Card.objects.filter(flashcard=card).update(queue_day=day)
    Break.objects.create(user=alice, first_day=NOW.date() + 2 * ONE_DAY, last_day=NOW.date() + 2 * ONE_DAY)
    taken = offline.cards_to_take(alice, NOW, BERLIN)
    days = [0, 0, 1, 1, 3, 3]  # what a day has no room for waits for the next, and not for one of a break
    assert [(one.flashcard, one.opens) for one in taken] == [
        (card, BERLIN.start_of(NOW.date() + day * ONE_DAY)) for card, day in zip(cards, days, strict=False)
    ]
    Plan.objects.update(interview_on=NOW.date() + 30 * ONE_DAY)
    assert len(offline.cards_to_take(alice, NOW, BERLIN)) == len(cards), (
        "until an interview no limit holds on the coming days"
    )


def test_taking_along_costs_a_constant_number_of_queries(alice: User, django_assert_num_queries: Any) -> None:
    for card in make_flashcards(30):
        rate(alice, card, 3, NOW - dt.timedelta(days=3), BERLIN)
    with django_assert_num_queries(12):  # two days' plans, the counts, each group of the line, and the rows
        assert len(offline.cards_to_take(alice, NOW, BERLIN)) == 30


def test_the_device_gets_rendered_cards_and_the_list_of_guides(
    alice: User, sign_in: Callable[[User], Client], time_machine: Any
) -> None:
    time_machine.move_to(NOW)
    card, guide = make_flashcard(), make_guide()
    pack = sign_in(alice).get(reverse("quizzes:offline_cards")).json()
    assert pack["cards"] == [
        {
            "flashcard": str(card.uuid),
            "version": 0,
            "opens": BERLIN.start_of(NOW.date()).timestamp() * 1000,
            "topic": card.topic.title,
            "front": card.front_html,
            "back": card.back_html,
        }
    ]
    assert pack["guides"] == [{"url": guide.get_absolute_url(), "title": guide.title, "version": guide.version}]
    assert len(pack["release"]) == 10


def send(client: Client, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(reverse("quizzes:offline_ratings"), text, content_type="application/json")


def test_ratings_are_taken_in_over_http(as_alice: Client, alice: User) -> None:
    given = told(make_flashcard())
    response = send(as_alice, {"sent_at": SENT, "ratings": [given]})
    assert response.json() == {"results": [{"id": given["id"], "result": "counted", "why": ""}]}
    assert Review.objects.get().user == alice


@pytest.mark.parametrize(
    "body", ["", "[", "[]", "{}", '{"sent_at": 1}', '{"sent_at": "x", "ratings": []}', '{"sent_at": 1, "ratings": 3}']
)
def test_what_cannot_be_read_stays_on_the_device(as_alice: Client, body: str) -> None:
    response = send(as_alice, body)
    assert response.status_code == 400
    assert "stay on the device" in response.json()["why"]


def test_too_many_at_once_are_refused(as_alice: Client) -> None:
    assert send(as_alice, {"sent_at": SENT, "ratings": [{}] * 101}).status_code == 400


def test_strangers_get_no_cards_and_bring_no_ratings(client: Client, as_alice: Client) -> None:
    assert client.get(reverse("quizzes:offline_cards")).status_code == 302
    assert send(client, {"sent_at": SENT, "ratings": []}).status_code == 302
    assert as_alice.get(reverse("quizzes:offline_ratings")).status_code == 405
