"""Signing up, in and out; forgotten and changed passwords; one's address."""

import re
from typing import Any

import pytest
from allauth.account import urls as account_urls
from allauth.account.models import EmailAddress
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_up(client: Client, **fields: str) -> Any:
    return client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD} | fields)


def link_in_last_mail() -> str:
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_signing_up_opens_today_at_once(client: Client) -> None:
    response = sign_up(client)
    assert response.headers["Location"] == reverse("home")
    assert client.get(reverse("accounts:settings")).status_code == 200


def test_signing_up_keeps_the_time_zone_that_the_browser_says(client: Client) -> None:
    sign_up(client, zone="Asia/Tokyo")
    assert User.objects.get().zone == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 60])
def test_a_time_zone_nobody_knows_counts_as_utc(client: Client, zone: str) -> None:
    sign_up(client, zone=zone)
    assert User.objects.get().zone == "UTC"


def test_a_weak_password_is_refused_beside_its_field(client: Client) -> None:
    response = sign_up(client, password1="12345")
    page = response.content.decode()
    assert not User.objects.exists()
    assert 'aria-invalid="true"' in page
    assert 'id="id_password1_error"' in page
    assert "id_password1_error" in page.split('name="password1"')[1].split(">")[0]


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG"])
def test_an_address_has_one_account_whatever_its_case(client: Client, alice: User, email: str) -> None:
    response = sign_up(client, email=email)
    assert response.status_code == 200
    assert "There is an account with this address already" in response.content.decode()
    assert User.objects.count() == 1


def test_signing_in_does_not_mind_the_case_of_the_address(client: Client, alice: User) -> None:
    response = client.post(reverse("account_login"), {"login": "Alice@Example.org", "password": PASSWORD})
    assert response.status_code == 302


def test_signing_in_goes_on_to_where_one_was_going(client: Client, alice: User) -> None:
    target = reverse("accounts:settings")
    page = client.get(target, follow=True)
    assert f'value="{target}"' in page.content.decode()
    response = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD, "next": target})
    assert response.headers["Location"] == target


def test_signing_in_never_leads_to_another_host(client: Client, alice: User) -> None:
    credentials = {"login": alice.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("account_login"), credentials).headers["Location"] == reverse("home")


def test_a_wrong_password_says_the_same_for_known_and_unknown_addresses(client: Client, alice: User) -> None:
    said = [
        re.findall(
            r'role="alert">(.*?)</div>',
            client.post(reverse("account_login"), {"login": email, "password": "wrong"}).content.decode(),
        )
        for email in (alice.email, "nobody@example.org")
    ]
    assert said[0] == said[1] != []


def test_guessing_a_password_is_slowed_down(client: Client, alice: User) -> None:
    for _ in range(6):
        response = client.post(reverse("account_login"), {"login": alice.email, "password": "wrong"})
    assert "Too many wrong passwords" in response.content.decode()
    # Not even the right one gets in now.
    response = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert response.status_code == 200


def test_too_many_tries_from_one_address_are_told_to_wait(client: Client) -> None:
    statuses = {
        client.post(reverse("account_reset_password"), {"email": f"{n}@example.org"}).status_code for n in range(25)
    }
    assert 429 in statuses


def test_signing_out_is_a_post(as_alice: Client) -> None:
    assert as_alice.get(reverse("account_logout")).status_code == 200
    assert as_alice.get(reverse("accounts:settings")).status_code == 200
    as_alice.post(reverse("account_logout"))
    assert as_alice.get(reverse("accounts:settings")).status_code == 302


def test_an_account_that_is_switched_off_cannot_sign_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    response = client.post(
        reverse("account_login"), {"login": alice.email, "password": PASSWORD}, follow=True, secure=False
    )
    assert not response.context["user"].is_authenticated


def test_a_forgotten_password_is_replaced_through_the_mailed_link_once(client: Client, alice: User) -> None:
    response = client.post(reverse("account_reset_password"), {"email": alice.email}, follow=True)
    assert "on its way" in response.content.decode()
    link = link_in_last_mail()
    page = client.get(link, follow=True)
    new = {"password1": "a-much-newer-secret", "password2": "a-much-newer-secret"}
    done = client.post(page.request["PATH_INFO"], new, follow=True)
    assert "is saved" in done.content.decode()
    alice.refresh_from_db()
    assert alice.check_password("a-much-newer-secret")
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(client: Client, alice: User) -> None:
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).content.decode()
        for email in (alice.email, "nobody@example.org")
    ]
    without_token = [re.sub(r"(value|X-CSRFToken)[^>]*", "", page) for page in pages]
    assert without_token[0] == without_token[1]
    assert "no account" in str(mail.outbox[-1].body)


def test_changing_the_password_asks_for_the_present_one(as_alice: Client, alice: User) -> None:
    new = {"password1": "a-much-newer-secret", "password2": "a-much-newer-secret"}
    url = reverse("account_change_password")
    assert as_alice.post(url, {"oldpassword": "wrong", **new}).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    as_alice.post(url, {"oldpassword": PASSWORD, **new})
    alice.refresh_from_db()
    assert alice.check_password("a-much-newer-secret")
    assert as_alice.get(reverse("accounts:settings")).status_code == 200


def test_an_address_changes_when_the_link_sent_to_the_new_one_is_followed(as_alice: Client, alice: User) -> None:
    as_alice.post(reverse("account_email"), {"action_add": "", "email": "alice@elsewhere.example"})
    assert mail.outbox[-1].to == ["alice@elsewhere.example"]
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert "alice@elsewhere.example" in as_alice.get(reverse("account_email")).content.decode()
    link = link_in_last_mail()
    page = as_alice.get(link)
    assert "Yes, it is mine" in page.content.decode()
    as_alice.post(link)
    alice.refresh_from_db()
    assert alice.email == "alice@elsewhere.example"


def test_a_change_of_address_can_be_dropped_and_the_present_one_never_removed(as_alice: Client, alice: User) -> None:
    url = reverse("account_email")
    as_alice.post(url, {"action_add": "", "email": "alice@elsewhere.example"})
    as_alice.post(url, {"action_remove": "", "email": "alice@elsewhere.example"})
    as_alice.post(url, {"action_remove": "", "email": "alice@example.org"})
    as_alice.get(url)  # shows the messages
    assert "elsewhere" not in as_alice.get(url).content.decode()
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_asking_for_another_address_confirms_nothing_about_the_present_one(client: Client) -> None:
    sign_up(client)
    url = reverse("account_email")
    for asked in ("first@elsewhere.example", "second@elsewhere.example"):
        client.post(url, {"action_add": "", "email": asked})
        client.get(url)  # shows the messages
        assert asked in client.get(url).content.decode()
    assert set(EmailAddress.objects.values_list("email", "verified", "primary")) == {
        ("new@example.org", False, True),
        ("second@elsewhere.example", False, False),
    }
    client.post(link_in_last_mail())
    assert User.objects.get().email == "second@elsewhere.example"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("second@elsewhere.example", True)]


def test_an_address_that_has_an_account_is_answered_like_any_other_and_never_taken(
    as_alice: Client, alice: User, bob: User
) -> None:
    url = reverse("account_email")
    answers = []
    for asked in ("nobody@example.org", "BOB@example.org"):
        response = as_alice.post(url, {"action_add": "", "email": asked})
        page = re.sub(r"(value|X-CSRFToken)[^>]*", "", as_alice.get(url).content.decode())
        answers.append((response.status_code, page.replace(asked.lower(), "")))
    assert answers[0] == answers[1]
    link = link_in_last_mail()
    assert mail.outbox[-1].to == [bob.email]
    assert as_alice.post(link).status_code in {200, 302}
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_every_mail_names_the_site_and_no_example_host(client: Client, alice: User) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.email})
    message = mail.outbox[-1]
    assert message.subject == "[Unrolled] Choose a new password"
    assert "Unrolled" in str(message.body)
    assert "&" not in str(message.body).replace("&amp", "&")


def test_people_who_are_confirmed_by_mail_cannot_enter_before(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("accounts:settings")).status_code == 302
    link = link_in_last_mail()
    client.post(link)
    signed_in = client.post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD}, follow=True)
    assert signed_in.context["user"].is_authenticated


def test_every_form_of_the_account_pages_refuses_a_forged_post(alice: User) -> None:
    names = ("account_login", "account_signup", "account_logout", "account_reset_password", "account_change_password")
    own = ("account_email", "accounts:settings", "accounts:delete")
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for name in names + own:
        response = client.post(reverse(name), {"password": PASSWORD, "email": "x@example.org"})
        assert response.status_code == 403, name
        assert "open for too long" in response.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
        "account_email_verification_sent",
    ],
)
def test_pages_about_getting_in_are_in_the_sites_own_design(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert 'class="entrance' in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "name", ["account_logout", "account_change_password", "account_email", "account_reauthenticate"]
)
def test_pages_about_ones_own_account_are_in_the_sites_own_design(as_alice: Client, name: str) -> None:
    assert 'class="entrance' in as_alice.get(reverse(name)).content.decode()


def test_a_link_that_was_cut_short_says_so(client: Client) -> None:
    for path in ("/accounts/confirm-email/nonsense/", "/accounts/password/reset/key/1-abc/"):
        assert "no longer works" in client.get(path).content.decode()


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_no_address_of_the_account_pages_is_a_dead_end(client: Client, alice: User, who: str) -> None:
    """Those that this site does not use lead on or say that there is no such page."""
    if who == "learner":
        client.force_login(alice)
    names = [pattern.name for pattern in account_urls.urlpatterns if "key" not in str(pattern.pattern)]
    assert len(names) > 10
    for name in names:
        response = client.get(reverse(name))
        assert response.status_code in {200, 302, 404}, name
        if response.status_code == 200:
            assert '<link rel="stylesheet" href="/static/prepsite/site.css">' in response.content.decode(), name


def test_pages_about_trouble_are_in_the_sites_own_design(client: Client, as_alice: Client) -> None:
    missing = client.get("/nowhere")
    assert missing.status_code == 404
    assert "There is no such page" in missing.content.decode()
    assert "This is not open to you" in render_to_string("403.html")
    assert "Something broke on our side" in render_to_string("500.html")
    assert "A little too fast" in render_to_string("429.html")
