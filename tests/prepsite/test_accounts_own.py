"""One's own settings, data and departure; users in the admin; the first administrator."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from codelabs.models import Draft, Lab, Reveal, Submission
from prepsite.accounts import zones
from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Question, QuizSession, Review, SessionItem, Topic
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def live_a_little(user: User) -> None:
    """One row of everything a learner leaves behind, an undone review among them."""
    topic = Topic.objects.get_or_create(slug="recurrent-networks", code="M6", title="Recurrent", summary="…")[0]
    lab = Lab.objects.get_or_create(slug="lstm-step", defaults={"number": 28, "title": "LSTM", "topic": topic.slug})[0]
    question = Question.objects.get_or_create(
        slug="why-gates", defaults={"title": "Gates", "topic": topic, "kind": "open", "level": "basic"}
    )[0]
    flashcard = Flashcard.objects.get_or_create(slug="gates", defaults={"topic": topic, "front": "?", "back": "!"})[0]
    card = Card.objects.create(user=user, flashcard=flashcard, due=NOON, stability=3.2, difficulty=5.0)
    event = {
        "card": card,
        "user": user,
        "at": NOON,
        "zone": "UTC",
        "day_start_hour": 4,
        "study_day": NOON.date(),
        "flashcard_version": 1,
        "scheduler": "fsrs",
        "settings": {},
        "before": {},
        "after": {},
    }
    rated = Review.objects.create(uuid=uuid.uuid4(), kind="rating", rating=3, card_version=0, **event)
    Review.objects.create(uuid=uuid.uuid4(), kind="undo", undoes=rated, card_version=1, **event)
    session = QuizSession.objects.create(user=user, started_at=NOON)
    SessionItem.objects.create(
        session=session, position=1, question=question, question_version=1, answer={"text": f"mine, {user.email}"}
    )
    Draft.objects.create(user=user, lab=lab, source="def lstm_step(): …", saved_at=NOON)
    Reveal.objects.create(user=user, lab=lab, revealed_at=NOON)
    Submission.objects.create(
        user=user, lab=lab, lab_version=1, kind="submit", source="print('π')", created_at=NOON, verdict="failed"
    )


def rows_of(user_id: int) -> dict[str, int]:
    relations = [relation for relation in User._meta.related_objects if relation.field.name != "emailaddress"]
    return {
        relation.related_model.__name__: relation.related_model._default_manager.filter(
            **{relation.field.name: user_id}
        ).count()
        for relation in relations
    }


def test_settings_show_who_is_signed_in_and_save_the_study_day(as_alice: Client, alice: User) -> None:
    url = reverse("accounts:settings")
    page = as_alice.get(url).content.decode()
    assert alice.email in page
    assert '<option value="Europe/Berlin" selected>' in page
    response = as_alice.post(url, {"zone": "America/New_York", "day_start_hour": "5"}, follow=True)
    assert "Saved." in response.content.decode()
    alice.refresh_from_db()
    assert (alice.zone, alice.day_start_hour) == ("America/New_York", 5)


@pytest.mark.parametrize(
    "change", [{"zone": "Mars/Olympus"}, {"day_start_hour": "24"}, {"day_start_hour": "-1"}, {"zone": ""}]
)
def test_settings_refuse_what_is_no_zone_or_hour(as_alice: Client, alice: User, change: dict[str, str]) -> None:
    response = as_alice.post(reverse("accounts:settings"), {"zone": "UTC", "day_start_hour": "4"} | change)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    alice.refresh_from_db()
    assert (alice.zone, alice.day_start_hour) == ("Europe/Berlin", 4)


def test_settings_change_nobodys_rights(as_alice: Client, alice: User) -> None:
    as_alice.post(
        reverse("accounts:settings"), {"zone": "UTC", "day_start_hour": "4", "is_staff": "1", "email": "x@y.z"}
    )
    alice.refresh_from_db()
    assert not alice.is_staff
    assert alice.email == "alice@example.org"


def test_a_zone_off_the_list_stays_the_learners_choice() -> None:
    assert ("Etc/GMT+5", "Etc/GMT+5") in zones.choices("Etc/GMT+5")
    assert ("Etc/GMT+5", "Etc/GMT+5") not in zones.choices("UTC")


@pytest.mark.parametrize("name", ["accounts:settings", "accounts:export", "accounts:delete", "accounts:in_and_out"])
def test_ones_own_pages_are_for_those_who_signed_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_the_download_changes_nothing_and_takes_no_post(as_alice: Client) -> None:
    assert as_alice.post(reverse("accounts:export")).status_code == 405


def test_deleting_the_account_takes_everything_of_the_learner_and_nothing_of_another(
    as_alice: Client, alice: User, bob: User
) -> None:
    live_a_little(alice)
    live_a_little(bob)
    of_bob = rows_of(bob.pk)
    response = as_alice.post(reverse("accounts:delete"), {"password": PASSWORD}, follow=True)
    assert "are deleted" in response.content.decode()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not any(rows_of(alice.pk).values())
    assert rows_of(bob.pk) == of_bob
    assert as_alice.get(reverse("accounts:settings")).status_code == 302


def test_deleting_the_account_says_what_goes_and_asks_for_the_password(as_alice: Client, alice: User) -> None:
    page = as_alice.get(reverse("accounts:delete")).content.decode()
    assert "record of every review" in page
    for password in ("", "wrong"):
        assert as_alice.post(reverse("accounts:delete"), {"password": password}).status_code == 200
    assert User.objects.filter(pk=alice.pk).exists()


def test_guessing_the_password_for_deletion_is_slowed_down(as_alice: Client, alice: User) -> None:
    for _ in range(11):
        response = as_alice.post(reverse("accounts:delete"), {"password": "wrong"})
    assert response.status_code == 429
    assert as_alice.post(reverse("accounts:delete"), {"password": PASSWORD}).status_code == 429
    assert User.objects.filter(pk=alice.pk).exists()


def test_staff_find_filter_and_edit_users(as_carol: Client, alice: User, bob: User) -> None:
    listing = reverse("admin:accounts_user_changelist")
    page = as_carol.get(listing, {"q": "alice", "is_active__exact": "1"}).content.decode()
    assert alice.email in page
    assert bob.email not in page
    change = reverse("admin:accounts_user_change", args=[alice.pk])
    form = as_carol.get(change).context["adminform"].form
    fields: dict[str, Any] = {name: form[name].value() for name in ("email", "zone", "day_start_hour")} | {
        "is_active": "on"
    }
    response = as_carol.post(change, fields | {"zone": "Nowhere"})
    assert "is not a time zone we know" in response.content.decode()
    assert as_carol.post(change, fields | {"zone": "Asia/Tokyo"}).status_code == 302
    alice.refresh_from_db()
    assert alice.zone == "Asia/Tokyo"


def test_staff_add_a_user_who_can_sign_in(as_carol: Client) -> None:
    as_carol.post(
        reverse("admin:accounts_user_add"),
        {"email": "dan@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    response = Client().post(reverse("account_login"), {"login": "dan@example.org", "password": PASSWORD})
    assert response.status_code == 302


@pytest.mark.parametrize("confirmation", ["none", "mandatory"])
def test_an_address_that_staff_type_with_capitals_still_signs_in(
    as_carol: Client, alice: User, settings: Any, confirmation: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = confirmation
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    fields = {"email": " A-New@Example.org ", "zone": "UTC", "day_start_hour": "4", "is_active": "on"}
    assert as_carol.post(reverse("admin:accounts_user_change", args=[alice.pk]), fields).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "a-new@example.org"
    [address] = EmailAddress.objects.filter(user=alice)
    assert (address.email, address.verified, address.primary) == ("a-new@example.org", True, True)
    response = Client().post(
        reverse("account_login"), {"login": "A-New@Example.org", "password": PASSWORD}, follow=True
    )
    assert response.context["user"].is_authenticated


def test_staff_cannot_take_an_address_in_other_letters(as_carol: Client, alice: User, bob: User) -> None:
    fields = {"email": "BOB@example.org", "zone": "UTC", "day_start_hour": "4", "is_active": "on"}
    assert as_carol.post(reverse("admin:accounts_user_change", args=[alice.pk]), fields).status_code == 200
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_a_user_added_with_capitals_signs_in(as_carol: Client) -> None:
    as_carol.post(
        reverse("admin:accounts_user_add"),
        {"email": "Dan@Example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert Client().login(email="dan@example.org", password=PASSWORD)
    assert User.objects.get_by_natural_key("DAN@example.org").email == "dan@example.org"


def test_learners_do_not_see_the_admin_and_visitors_sign_in_at_the_sites_own_door(
    as_alice: Client, client: Client
) -> None:
    assert as_alice.get(reverse("admin:index"), follow=True).status_code == 403
    assert "entrance" in client.get(reverse("admin:index"), follow=True).content.decode()


def test_the_first_administrator_gets_a_random_password_that_is_printed_once() -> None:
    said = io.StringIO()
    call_command("createadmin", if_none=True, stdout=said)
    admin = User.objects.get()
    password = said.getvalue().split()[-1]
    assert admin.is_superuser
    assert admin.check_password(password)
    assert len(password) >= 16
    again = io.StringIO()
    call_command("createadmin", if_none=True, stdout=again)
    assert again.getvalue() == ""
    response = Client().post(reverse("account_login"), {"login": admin.email, "password": password})
    assert response.status_code == 302


def test_an_administrator_needs_an_address_of_their_own(alice: User) -> None:
    with pytest.raises(CommandError, match="has an account already"):
        call_command("createadmin", "Alice@example.org", stdout=io.StringIO())
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("createadmin", "nobody", stdout=io.StringIO())
