"""What a visitor tried without an account goes with them into the account that they make or have."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from codelabs.models import Draft, Lab, Submission
from prepsite.accounts.models import User
from quizzes.models import Card, SessionItem
from tests.codelabs.rows import make_lab, make_submission
from tests.conftest import PASSWORD
from tests.quizzes.factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(settings: Settings) -> Lab:
    lab = make_lab()
    settings.TRIAL_LAB = lab.slug
    return lab


@pytest.fixture
def visitor(client: Client, lab: Lab) -> Client:
    """Somebody without an account, with two attempts at the trial lab."""
    session = client.session
    session["begun"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    now = timezone.now()
    for minutes, source in ((9, "first = 1\n"), (3, "second = 2\n")):
        at = now - timedelta(minutes=minutes)
        make_submission(lab, "failed", visitor=session.session_key, source=source, scratch="1 + 1", created_at=at)
    return client


def sign_up(client: Client) -> Any:
    return client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})


def sign_in(client: Client, user: User) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def test_attempts_and_the_latest_code_go_into_the_account_that_a_visitor_makes(visitor: Client, lab: Lab) -> None:
    sign_up(visitor)
    user = User.objects.get()
    assert set(Submission.objects.values_list("user", "visitor")) == {(user.pk, "")}
    page = visitor.get(lab.get_absolute_url())
    assert (page.context["source"], page.context["scratch"]) == ("second = 2\n", "1 + 1")
    assert '(<span id="attempts">2</span>)' in page.content.decode()
    assert visitor.get(f"{lab.get_absolute_url()}history/").status_code == 200


def test_an_account_that_has_a_draft_keeps_it_and_gets_the_attempts(visitor: Client, lab: Lab, alice: User) -> None:
    Draft.objects.keep(alice, lab, "mine = 1\n", timezone.now())
    sign_in(visitor, alice)
    assert Submission.objects.for_user(alice).count() == 2
    assert Draft.objects.get().source == "mine = 1\n"


def test_nobody_gets_what_another_visitor_sent(visitor: Client, lab: Lab, alice: User) -> None:
    somebody = make_submission(lab, visitor="somebody-else")
    sign_in(visitor, alice)
    somebody.refresh_from_db()
    assert (somebody.user, somebody.visitor) == (None, "somebody-else")
    sign_in(Client(), alice)
    somebody.refresh_from_db()
    assert somebody.user is None


def test_the_trial_answer_becomes_the_accounts_first_answer(client: Client, settings: Settings) -> None:
    question = make_question("single", settings.TRIAL_QUESTION)
    client.post(reverse("quizzes:answer", args=[question.slug]), {"choice": "state"})
    assert not SessionItem.objects.exists()
    sign_up(client)
    item = SessionItem.objects.for_user(User.objects.get()).get()
    assert item.committed
    assert item.score == 0
    assert "trial_answer" not in client.session


def test_an_answer_that_the_account_has_given_already_stands(client: Client, settings: Settings, alice: User) -> None:
    question = make_question("single", settings.TRIAL_QUESTION)
    learner = Client()
    learner.force_login(alice)
    learner.post(reverse("quizzes:answer", args=[question.slug]), {"choice": "weights"})
    client.post(reverse("quizzes:answer", args=[question.slug]), {"choice": "state"})
    sign_in(client, alice)
    assert SessionItem.objects.get().score == 1
    assert not Card.objects.exists()


def test_signing_in_works_even_if_nothing_can_be_handed_over(
    visitor: Client, settings: Settings, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ON_SIGN_IN = ["prepsite.no_such_thing"]
    assert sign_in(visitor, alice).status_code == 302
    assert "was not handed over" in caplog.text
    assert int(visitor.session["_auth_user_id"]) == alice.pk
