"""The page of pictures: what it shows, how many queries it takes, and its numbers as files."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Iterator

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from prepsite.progress.album import Album
from prepsite.study import lab_seconds, quiz_seconds
from quizzes import auditing, reviewing
from quizzes.models import Break, Card, Flashcard, QuizSession, Reading, Review, SessionItem
from quizzes.review_evidence import evidence_of, log_of
from quizzes.scheduling import Memory, Settings, retrievability
from tests.codelabs.rows import make_lab
from tests.quizzes.factories import make_question, make_topic
from tests.quizzes.flashcards import make_flashcards
from tests.quizzes.histories import rate
from tests.quizzes.simulated import START, UTC, forgetful, history, store

pytestmark = pytest.mark.django_db
DAYS = 40
TODAY = START + dt.timedelta(days=DAYS)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def log(alice: User) -> None:
    question = make_question("open")
    first, *others = make_flashcards(2 * DAYS)
    Flashcard.objects.filter(pk=first.pk).update(question=question)
    store(alice, history(DAYS, 2, np.random.default_rng(1), forgetful()), [first, *others])
    mock_interview(alice, 3, concept=[6, 10], code=[2, 8])
    for days_ago in (5, 2):
        reading(alice, days_ago)


def page_of(client: Client) -> str:
    response = client.get("/progress/")
    assert response.status_code == 200
    return str(response.content.decode())


def mock_interview(user: User, days_ago: int, **points: list[int]) -> QuizSession:
    """One that is finished, with points won of points there were by dimension."""
    at = TODAY - dt.timedelta(days=days_ago)
    return QuizSession.objects.create(
        user=user, kind=QuizSession.Kind.MOCK, started_at=at, finished_at=at, report=points
    )


def reading(user: User, days_ago: int, *, interview_in: int = 9, **shares: float) -> Reading:
    """What was kept of the forecast on that day for the interview `interview_in` days from today."""
    today = TODAY.date()
    values = {"cards": 80, "now": 0.2, "mean": 0.6, "low": 0.5, "high": 0.7} | shares
    return Reading.objects.create(
        user=user,
        study_day=today - dt.timedelta(days=days_ago),
        interview_date=today + dt.timedelta(days=interview_in),
        **values,
    )


def album(user: User) -> Album:
    return Album(user, TODAY, UTC)


class TestThePage:
    def test_draws_every_picture_with_a_sentence_and_its_numbers(self, as_alice: Client, log: None) -> None:
        page = page_of(as_alice)
        drawn = len(Album.NAMES)
        assert page.count('role="img"') == page.count("<caption") == page.count(".csv") == drawn
        assert "style=" not in page

    def test_says_what_will_be_there_to_somebody_new(self, as_alice: Client) -> None:
        page = page_of(as_alice)
        assert page.count('<dt class="strong"') == len(Album.NAMES)
        assert "Nothing to show yet" in page
        assert "<svg" not in page

    def test_gathers_what_is_still_to_come_behind_what_there_is(self, as_alice: Client, alice: User) -> None:
        rate(alice, make_flashcards(1)[0], 3, TODAY, UTC)
        page = page_of(as_alice)
        assert "Still to come" in page
        assert '<dt class="strong" id="mocks">' in page
        assert page.index('id="heat-map"') < page.index("Still to come")

    def test_takes_the_same_number_of_queries_however_long_the_log(
        self, as_alice: Client, as_bob: Client, bob: User, log: None
    ) -> None:
        with CaptureQueriesContext(connection) as none:
            page_of(as_bob)
        with CaptureQueriesContext(connection) as many:
            page_of(as_alice)
        assert len(many) == len(none) <= 23

    def test_shows_nothing_of_another_learner(self, as_bob: Client, log: None) -> None:
        assert "<svg" not in page_of(as_bob)

    def test_refuses_posts_and_strangers(self, as_alice: Client, client: Client) -> None:
        assert as_alice.post("/progress/").status_code == 405
        assert client.get("/progress/").status_code == client.get("/progress/load.csv").status_code == 302


class TestFiles:
    @pytest.mark.parametrize("name", Album.NAMES)
    def test_hold_the_table_of_the_picture(self, name: str, as_alice: Client, alice: User, log: None) -> None:
        response = as_alice.get(f"/progress/{name}.csv")
        head, *rows = csv.reader(io.StringIO(response.content.decode()))
        picture = album(alice).picture(name)
        assert head == list(picture.columns)
        assert rows == [[str(cell) for cell in row] for row in picture.rows]
        assert rows
        assert response["Content-Disposition"] == f'attachment; filename="{name}-2025-12-11.csv"'

    def test_of_unknown_pictures_are_not_found(self, as_alice: Client) -> None:
        assert as_alice.get("/progress/nonsense.csv").status_code == 404


class TestNumbers:
    def test_readiness_over_time_is_that_of_the_latest_interview(self, alice: User) -> None:
        for days_ago in (20, 19):
            reading(alice, days_ago, interview_in=-12)
        reading(alice, 4, now=0.1, mean=0.55)
        assert album(alice).picture("readiness").is_empty, "one day is no course"
        reading(alice, 1, now=0.3, mean=0.62, low=0.58, high=0.66)
        picture = album(alice).picture("readiness")
        assert picture.rows == [("7 Dec", "55 %", "50 %", "70 %", "10 %"), ("10 Dec", "62 %", "58 %", "66 %", "30 %")]
        assert picture.sentence == (
            "For 20 Dec, 62 % were predicted on 10 Dec, 58 % to 66 %; 55 % on 7 Dec."
            " Recall on the days themselves went from 10 % to 30 %."
        )
        band, _, line = (
            [tuple(map(float, point.split(","))) for point in path.points.split()] for path in picture.paths
        )
        assert len(band) == 4
        assert band[0][1] < line[0][1] < band[-1][1], "the range lies around the curve"
        assert line[-1][0] < picture.lines[-1].x1 <= picture.width, "the interview is still to come"

    def test_mastery_is_the_mean_recall_of_all_that_a_topic_asks(self, alice: User, log: None) -> None:
        make_question("open", "not-met-yet")
        make_question("numeric", "derived", performance="derive")
        lab = make_lab()
        (row,) = album(alice).picture("mastery").rows
        card = Card.objects.get(flashcard__question__isnull=False)
        recall = retrievability(card.memory, TODAY, UTC, Settings())
        assert 0 < recall < 1
        assert row[1:] == ("nothing", f"{50 * recall:.0f} %", "0 %", "0 %", "–")
        Lab.objects.filter(pk=lab.pk).update(status="retired")
        assert album(alice).picture("mastery").rows[0][4] == "–"

    def test_mock_interviews_stand_in_their_order_with_gaps_where_nothing_was_asked(
        self, alice: User, bob: User, log: None
    ) -> None:
        mock_interview(alice, 1, concept=[9, 10], mathematics=[0, 5])
        mock_interview(bob, 2, concept=[1, 10])
        abandoned = mock_interview(alice, 2, concept=[0, 10])
        SessionItem.objects.create(
            session=abandoned, position=1, question=make_question("open", "unanswered"), question_version=1
        )
        picture = album(alice).picture("mocks")
        assert [row[:4] for row in picture.rows] == [
            ("8 Dec 2025", "60 %", "–", "25 %"),
            ("10 Dec 2025", "90 %", "0 %", "–"),
        ]
        assert picture.sentence.endswith("below the line: mathematics.")
        assert len(picture.paths) == 1, "only what was asked twice is joined"
        assert len(picture.dots) == 4

    def test_the_heat_map_counts_what_stands_by_study_day(self, alice: User, log: None) -> None:
        counted = dict(row[:2] for row in album(alice).picture("heat-map").rows)
        assert sum(counted.values()) == Review.objects.count()
        first = Review.objects.order_by("pk")[0]
        day = f"{first.study_day:%a} {first.study_day.day} {first.study_day:%b %Y}"
        assert counted[day] == Review.objects.filter(study_day=first.study_day).count()

    def test_what_was_taken_back_counts_nowhere(self, alice: User) -> None:
        card = make_flashcards(1)[0]
        shown = reviewing.shown(alice, card, TODAY)
        reviewing.record_review(alice, card, 3, TODAY, UTC, event_id=uuid.uuid4(), version=shown.version)
        reviewing.undo(alice, TODAY, UTC, uuid.uuid4())
        assert album(alice).picture("heat-map").is_empty
        assert len(log_of(alice)) == 0

    def test_a_planned_break_is_marked_and_does_not_end_the_row_of_days(self, alice: User, log: None) -> None:
        today = UTC.day(TODAY)
        gone = today - dt.timedelta(days=3)
        Review.objects.filter(study_day=gone).update(study_day=gone - dt.timedelta(days=1))
        assert album(alice).picture("heat-map").notes[0].startswith("2 days in a row")
        Break.objects.create(user=alice, first_day=gone, last_day=gone)
        heat = album(alice).picture("heat-map")
        assert heat.notes[0].startswith(f"{DAYS - 1} days in a row")
        assert [row[2] for row in heat.rows].count("planned break") == 1
        assert "away" in {line.tone for line in heat.lines}

    def test_the_load_is_what_the_queue_will_show(self, alice: User, log: None) -> None:
        rows = album(alice).picture("load").rows
        within = Card.objects.filter(queue_day__lt=UTC.day(TODAY) + dt.timedelta(days=30))
        assert sum(row[1] for row in rows) == within.count() > 0

    def test_the_map_of_mastery_says_which_topic_is_strongest_once_one_is_begun(self, alice: User) -> None:
        question = make_question("open")
        card = make_flashcards(1)[0]
        Flashcard.objects.filter(pk=card.pk).update(question=question)
        assert album(alice).picture("mastery").sentence == "None of 1 topic with questions or labs has been begun."
        rate(alice, card, 3, TODAY, UTC)
        said = album(alice).picture("mastery").sentence
        assert said.startswith(
            "1 of 1 topic with questions or labs has been begun. The largest share would be recalled of"
        )

    def test_retention_names_no_share_of_cards_that_there_are_none_of(self, alice: User) -> None:
        card = make_flashcards(1)[0]
        for days_ago in (3, 1):
            rate(alice, card, 4, TODAY - dt.timedelta(days=days_ago), UTC)
        assert "found them remembered: 100 % of young cards, with no mature ones yet." in (
            album(alice).picture("retention").sentence
        )

    def test_retention_counts_first_ratings_of_learned_cards_young_and_mature(self, alice: User, log: None) -> None:
        def days(review: Review, name: str) -> int:
            return dt.date.fromisoformat(review.before[name]).toordinal()

        learned = [review for review in Review.objects.all() if review.before["state"] == "review"]
        tested = [one for one in learned if days(one, "last_day") < one.study_day.toordinal()]
        long = [one for one in tested if days(one, "due_day") - days(one, "last_day") >= 21]
        whole = album(alice).picture("retention").rows[-1]
        assert whole[4] == f"{sum(one.rating > 1 for one in long)} of {len(long)}"
        assert whole[6] == f"{sum(one.rating > 1 for one in tested)} of {len(tested)}"
        assert tested

    def test_predictions_are_those_that_the_scheduler_made_at_the_time(self, alice: User, log: None) -> None:
        seen = evidence_of(alice)
        memories = {(r.card_id, r.study_day.toordinal()): r for r in Review.objects.order_by("-pk")}
        cards = seen.log.card[seen.log.tested]
        for place in range(0, len(seen), 7):
            review = memories[int(cards[place]), int(seen.day[place])]
            known = Memory.from_json(review.before), review.at, UTC, Settings.from_json(review.settings)
            assert seen.predicted[place] == pytest.approx(retrievability(*known), rel=1e-9)
        assert len(seen) > 50

    def test_the_simulated_log_is_one_that_the_site_could_have_written(self, log: None) -> None:
        assert list(auditing.disagreements(Card.objects.all())) == []


class TestTimeSpent:
    def test_quizzes_count_from_answer_to_answer_without_pauses(self, alice: User) -> None:
        session = QuizSession.objects.create(user=alice, started_at=TODAY)
        topic = make_topic()
        for position, seconds in enumerate((60, 90, 9000), 1):
            SessionItem.objects.create(
                session=session, position=position, question=make_question(slug=f"q-{position}", topic=topic),
                question_version=1, committed_at=TODAY + dt.timedelta(seconds=seconds), score=1.0,
            )  # fmt: skip
        assert quiz_seconds(alice, TODAY, UTC) == {UTC.day(TODAY): 90.0}

    def test_stages_of_an_interview_count_from_opening_to_answer(self, alice: User) -> None:
        session = QuizSession.objects.create(user=alice, kind="mock", started_at=TODAY)
        topic = make_topic()
        for position, (opened, seconds) in enumerate(((0, 700), (5000, 60), (9000, 2000)), 1):
            begun = TODAY + dt.timedelta(seconds=opened)
            SessionItem.objects.create(
                session=session, position=position, question=make_question(slug=f"q-{position}", topic=topic),
                question_version=1, opened_at=begun, committed_at=begun + dt.timedelta(seconds=seconds), score=1.0,
            )  # fmt: skip
        assert quiz_seconds(alice, TODAY, UTC) == {UTC.day(TODAY): 760.0}

    def test_labs_count_from_attempt_to_attempt(self, alice: User) -> None:
        lab = Lab.objects.create(slug="rnn-cell", number=1, entry="f", statement="…")
        for seconds in (0, 300, 420, 90_000):
            Submission.objects.create(
                user=alice, lab=lab, lab_version=1, kind="run", created_at=TODAY + dt.timedelta(seconds=seconds)
            )
        assert lab_seconds(alice, TODAY, UTC) == {UTC.day(TODAY): 420.0}
