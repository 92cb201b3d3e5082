"""What goes wrong while people review: nothing lost, nothing doubled, and one clear sentence."""

import datetime as dt
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from prepsite.accounts.models import User
from quizzes import auditing
from quizzes.models import Card, Flashcard, Review
from quizzes.reviewing import queue, record_review, shown, undo
from quizzes.scheduling import Memory, StudyClock, next_state
from quizzes.scheduling.memory import SCHEDULER, Settings
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)
BARE = Settings(learning_steps_minutes=(), relearning_steps_minutes=(), fuzz=False)
MANY = 10_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(db: None) -> Flashcard:
    return make_flashcards(1)[0]


def rate(user: User, flashcard: Flashcard, rating: int, at: dt.datetime, clock: StudyClock = CLOCK) -> Review:
    version = shown(user, flashcard, at).version
    return record_review(user, flashcard, rating, at, clock, event_id=uuid.uuid4(), version=version)


def sound() -> bool:
    return list(auditing.disagreements(Card.objects.all())) == []


def import_many(user: User, flashcard: Flashcard) -> Card:
    """Ten thousand reviews of one card, an hour apart, as an import would write them."""
    card = Card(user=user, flashcard=flashcard, due=NOON)
    memory, at, rows = Memory(due=NOON), NOON, []
    for number in range(MANY):
        after = next_state(memory, 3 if number % 7 else 1, at, CLOCK, BARE, str(card.uuid))
        rows.append(
            Review(
                uuid=uuid.uuid4(),
                user=user,
                kind="rating",
                rating=3 if number % 7 else 1,
                at=at,
                zone=CLOCK.zone,
                day_start_hour=4,
                study_day=CLOCK.day(at),
                card_version=number,
                flashcard_version=1,
                scheduler=SCHEDULER,
                settings=BARE.as_json(),
                before=memory.as_json(),
                after=after.as_json(),
            )
        )
        memory, at = after, at + dt.timedelta(hours=1)
    for name, value in vars(memory).items():
        setattr(card, name, value)
    card.version, card.queue_day = MANY, memory.due_day
    card.save()
    for row in rows:
        row.card = card
    Review.objects.bulk_create(rows, batch_size=500)
    return card


def test_ten_thousand_reviews_of_one_card_are_shown_audited_and_added_to(
    alice: User, as_alice: Client, only: Flashcard, django_assert_max_num_queries: Any
) -> None:
    import_many(alice, only)
    assert sound()
    with django_assert_max_num_queries(12):
        page = as_alice.get(f"/cards/{only.uuid}/").content.decode()
    assert "of 10,000 events" in page
    assert len(page) < 500_000
    rate(alice, only, 3, NOON + 2000 * DAY)
    assert Card.objects.get().version == MANY + 1
    assert sound()


def test_ten_thousand_reviews_in_a_file_are_folded(tmp_path: Path) -> None:
    at = [(NOON + dt.timedelta(hours=number)).isoformat() for number in range(MANY)]
    path, out = tmp_path / "long.json", io.StringIO()
    reviews = [{"rating": 3, "at": one} for one in at]
    path.write_text(json.dumps({"zone": "UTC", "day_start_hour": 4, "fuzz": False, "reviews": reviews}))
    call_command("replay", str(path), "--json", stdout=out, stderr=io.StringIO())
    steps = json.loads(out.getvalue())["steps"]
    assert len(steps) == MANY
    assert 0 < steps[-1]["stability"] <= 36_500


def test_a_clock_that_ran_ahead_and_was_set_right_loses_nothing_and_moves_nothing_back(
    alice: User, only: Flashcard
) -> None:
    future = rate(alice, only, 4, NOON + 300 * DAY)
    assert queue(alice, NOON, CLOCK).next is None
    after = rate(alice, only, 3, NOON)
    assert after.memory_after.last_review == NOON + 300 * DAY
    # The stability hardly changes; fuzz puts each of the two intervals up to two days to either side of it.
    assert after.memory_after.due >= future.memory_after.due - 4 * DAY
    assert after.memory_after.due > NOON + 300 * DAY
    assert [review.at for review in Review.objects.all()] == [NOON + 300 * DAY, NOON], (
        "the log says what the clock said"
    )
    assert undo(alice, NOON, CLOCK, uuid.uuid4()).undoes == after
    assert sound()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "europe/berlin"])
def test_a_zone_that_does_not_exist_is_refused_and_the_old_one_stays(zone: str, as_alice: Client, alice: User) -> None:
    response = as_alice.post("/account/", {"zone": zone, "day_start_hour": 4})
    assert response.status_code in (200, 400)
    alice.refresh_from_db()
    assert alice.zone == "Europe/Berlin"
    assert as_alice.get("/review/").status_code == 200


def test_another_zone_or_day_start_between_two_ratings_keeps_the_log_sound(alice: User, only: Flashcard) -> None:
    for number, (zone, hour) in enumerate(
        (("Pacific/Kiritimati", 4), ("Pacific/Pago_Pago", 23), ("Asia/Kathmandu", 0))
    ):
        rate(alice, only, 3, NOON + number * DAY / 2, StudyClock(zone, hour))
    assert sound()
    days = [review.memory_after.last_day for review in Review.objects.all()]
    assert days == sorted(day for day in days if day), "no study day comes twice"


@pytest.mark.parametrize("rating", ["0", "5", "-1", "3.5", "1e1", "good", "", "३", "9" * 400])
def test_a_rating_that_is_none_counts_for_nothing_and_says_so(rating: str, as_alice: Client, only: Flashcard) -> None:
    data = {"rating": rating, "version": 0, "event": uuid.uuid4()}
    response = as_alice.post(f"/review/{only.uuid}/rate/", data)
    if rating == "३":  # another script's three is a three
        assert Review.objects.count() <= 1
        return
    assert response.status_code == 400
    assert "could not be read, so it was not counted" in response.content.decode()
    assert not Review.objects.exists()


def test_two_tabs_and_a_double_tap_count_once(as_alice: Client, only: Flashcard) -> None:
    first = {"rating": 3, "version": 0, "event": uuid.uuid4()}
    for data in (first, first, first | {"event": uuid.uuid4()}):
        as_alice.post(f"/review/{only.uuid}/rate/", data)
    assert Review.objects.count() == 1


def test_an_answer_lost_on_its_way_is_the_same_answer_when_asked_again(as_alice: Client, only: Flashcard) -> None:
    data = {"rating": 4, "version": 0, "event": uuid.uuid4()}
    headers = {"HX-Request": "true"}
    said = [as_alice.post(f"/review/{only.uuid}/rate/", data, headers=headers).content.decode() for _ in range(2)]
    told = [page.split("data-said hidden>")[1].split("<")[0] for page in said]
    assert told[0] == told[1] != ""
    assert Review.objects.count() == 1
