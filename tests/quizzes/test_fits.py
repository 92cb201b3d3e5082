"""A fit asked for on the page: made by the task, used from the next rating on, and given up at a click."""

import datetime as dt
import uuid
from collections.abc import Iterator

import numpy as np
import pytest
import time_machine
from django.test import Client
from kombu.exceptions import OperationalError

from prepsite.accounts.models import User
from quizzes import auditing, fits, planning, reviewing, tasks
from quizzes.models import Card, Fit, Plan, Review
from quizzes.scheduling import Settings
from tests.quizzes.flashcards import make_flashcards
from tests.quizzes.simulated import START, UTC, Given, forgetful, history, store

pytestmark = pytest.mark.django_db
DAYS = 60
NOW = START + dt.timedelta(days=DAYS)


@pytest.fixture(scope="module")
def given() -> list[Given]:
    """Sixty days of somebody who forgets faster than the defaults say."""
    return list(history(DAYS, 5, np.random.default_rng(8), forgetful()))


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def log(alice: User, given: list[Given]) -> None:
    store(alice, given, make_flashcards(5 * DAYS))


def page_after(client: Client, address: str) -> str:
    response = client.post(address, follow=True)
    assert response.redirect_chain == [("/progress/#your-fit", 302)]
    return str(response.content.decode())


def parameters_of(user: User) -> tuple[float, ...] | None:
    return planning.terms_of(user, UTC.day(NOW)).settings.parameters


class TestAFit:
    def test_that_beats_both_is_used_from_the_next_rating_on(self, as_alice: Client, alice: User, log: None) -> None:
        page = page_after(as_alice, "/progress/fit/")
        assert "Your fit predicts better than both, so it is in use" in page
        finding = fits.finding_of(Fit.objects.get(user=alice))
        assert finding is not None
        assert parameters_of(alice) == finding.weights
        assert f"your fit {finding.fitted.log_loss:.4f}" in page
        assert 'data-picture="fit"' in page

        card = Card.objects.filter(due_day__lte=UTC.day(NOW)).first()
        assert card is not None
        response = as_alice.post(
            f"/review/{card.flashcard.uuid}/rate/", {"rating": 3, "event": uuid.uuid4(), "version": card.version}
        )
        assert response.status_code == 302
        latest = Review.objects.latest("pk")
        assert latest.settings["parameters"] == list(finding.weights)
        assert list(auditing.disagreements(Card.objects.all())) == []

    def test_is_given_up_at_a_click(self, as_alice: Client, alice: User, log: None) -> None:
        page_after(as_alice, "/progress/fit/")
        page = page_after(as_alice, "/progress/defaults/")
        assert "The defaults are in use, as you chose" in page
        assert parameters_of(alice) is None

    def test_that_a_moving_average_beats_is_not_used_and_says_so(self, as_alice: Client, alice: User) -> None:
        bent = history(
            90, 5, np.random.default_rng(5), Settings(fuzz=False),
            recalls=lambda day, _: 0.97 if day // 14 % 2 else 0.45,
        )  # fmt: skip
        store(alice, bent, make_flashcards(450))
        Plan.objects.create(user=alice, parameters=list(forgetful().weights), parameters_for="fsrs-6")
        page = page_after(as_alice, "/progress/fit/")
        assert "no better than" in page
        assert "so the defaults stay" in page
        assert parameters_of(alice) is None, "an earlier fit does not outlive the finding"
        assert Fit.objects.get(user=alice).state == Fit.State.REFUSED

    def test_of_too_few_reviews_is_refused_with_their_number(self, as_alice: Client, alice: User) -> None:
        page = page_after(as_alice, "/progress/fit/")
        assert "A fit needs 400 reviews on a later day than the one before; you have 0." in page
        assert Fit.objects.get(user=alice).state == Fit.State.TOO_FEW
        assert not Plan.objects.exists()

    def test_ends_as_our_fault_where_the_queue_cannot_be_reached(
        self, as_alice: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreachable(pk: int) -> None:
            raise OperationalError("no broker")

        monkeypatch.setattr(tasks.make_fit, "delay", unreachable)
        assert "Something broke on our side" in page_after(as_alice, "/progress/fit/")

    def test_is_asked_for_once_while_it_is_made(self, alice: User, as_alice: Client) -> None:
        fit = fits.ask(alice, NOW)
        assert fit is not None
        assert fits.ask(alice, NOW) is None
        assert "Your fit is being made." in str(as_alice.get("/progress/").content.decode())
        later = NOW + dt.timedelta(minutes=6)
        assert fits.ask(alice, later) == fit, "a worker that died blocks nobody for long"

    def test_is_made_once(self, alice: User, log: None) -> None:
        fit = Fit.objects.create(user=alice, asked_at=NOW, state=Fit.State.REFUSED)
        tasks.make_fit(fit.pk)
        tasks.make_fit(fit.pk + 1)
        assert not Plan.objects.exists()

    def test_touches_nobody_else(self, as_bob: Client, bob: User, alice: User, log: None) -> None:
        Plan.objects.create(user=alice, parameters=list(forgetful().weights), parameters_for="fsrs-6")
        page_after(as_bob, "/progress/defaults/")
        assert parameters_of(alice) == forgetful().weights


class TestParameters:
    def test_of_another_algorithm_are_left_alone(self, alice: User) -> None:
        Plan.objects.create(user=alice, parameters=list(forgetful().weights), parameters_for="fsrs-7")
        assert parameters_of(alice) is None

    @pytest.mark.parametrize("bad", ["nonsense", [1, 2], ["a"] * 21, [10**9] * 21, {"a": 1}, [None] * 21])
    def test_that_cannot_be_leave_the_defaults(self, alice: User, bad: object) -> None:
        Plan.objects.create(user=alice, parameters=bad, parameters_for="fsrs-6")
        assert parameters_of(alice) is None

    def test_that_came_from_elsewhere_and_say_nonsense_break_no_page(self, as_alice: Client, alice: User) -> None:
        Fit.objects.create(user=alice, asked_at=NOW, state="kept", finding={"weights": "?"})
        assert as_alice.get("/progress/").status_code == 200


@pytest.mark.parametrize("address", ["/progress/fit/", "/progress/defaults/"])
def test_acts_refuse_reading_and_strangers(address: str, as_alice: Client, client: Client) -> None:
    assert as_alice.get(address).status_code == 405
    assert client.post(address)["Location"].startswith("/accounts/login/")
    assert not Fit.objects.exists()
    assert Review.objects.count() == 0


def test_a_review_after_going_back_is_scheduled_by_the_defaults(alice: User) -> None:
    Plan.objects.create(user=alice, parameters=list(forgetful().weights), parameters_for="fsrs-6")
    card = make_flashcards(1)[0]
    for expected in (list(forgetful().weights), None):
        terms = planning.terms_of(alice, UTC.day(NOW))
        version = reviewing.shown(alice, card, NOW).version
        event = reviewing.record_review(alice, card, 3, NOW, UTC, event_id=uuid.uuid4(), version=version, terms=terms)
        assert event.settings["parameters"] == expected
        fits.back_to_defaults(alice)
    assert list(auditing.disagreements(Card.objects.all())) == []
