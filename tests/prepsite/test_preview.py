"""Authors see what readers will see; nobody else may ask."""

import pytest
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User

pytestmark = pytest.mark.django_db


def sign_in(client: Client, *, staff: bool) -> None:
    client.force_login(User.objects.create_user("someone@example.org", "a long pass phrase", is_staff=staff))


def test_carol_sees_markdown_and_mathematics_rendered(client: Client) -> None:
    sign_in(client, staff=True)
    answer = client.post(
        reverse("preview"), {"source": "The *state* $\\vec{h}$\r\n\r\n<script>alert(1)</script>"}
    ).json()
    assert "<em>state</em>" in answer["html"]
    assert "<math" in answer["html"]
    assert "script" not in answer["html"]
    assert answer["problems"] == []


def test_a_broken_formula_is_named_with_its_line(client: Client) -> None:
    sign_in(client, staff=True)
    answer = client.post(reverse("preview"), {"source": "One\n\n$\\frac{1$"}).json()
    assert answer["problems"][0]["line"] == 3
    assert "formula" in answer["problems"][0]["message"]


def test_gaps_are_marked_with_their_answers(client: Client) -> None:
    sign_in(client, staff=True)
    answer = client.post(reverse("preview"), {"source": "Of {{$\\tanh$|tanh}}.", "gaps": "1"}).json()
    assert '<mark class="gap"><math' in answer["html"]


def test_a_text_beyond_all_measure_is_not_rendered(client: Client) -> None:
    sign_in(client, staff=True)
    answer = client.post(reverse("preview"), {"source": "x" * 50_001}).json()
    assert answer["html"] == ""
    assert "longer than" in answer["problems"][0]["message"]


def test_alice_who_learns_may_not_ask(client: Client) -> None:
    sign_in(client, staff=False)
    assert client.post(reverse("preview"), {"source": "x"}).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.post(reverse("preview"), {"source": "x"}).status_code == 302


def test_it_is_never_fetched_by_a_link(client: Client) -> None:
    sign_in(client, staff=True)
    assert client.get(reverse("preview")).status_code == 405


def test_a_request_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, staff=True)
    assert client.post(reverse("preview"), {"source": "x"}).status_code == 403
