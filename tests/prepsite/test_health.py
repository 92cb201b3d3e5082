"""The address that a load balancer asks."""

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_answers_ok_to_anyone_while_the_database_replies(client: Client) -> None:
    response = client.get(reverse("healthz"))
    assert response.status_code == 200
    assert response.json() == {"database": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


def test_it_answers_503_when_the_database_does_not_reply(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = client.get(reverse("healthz"))
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable"}


def test_it_takes_no_post(client: Client) -> None:
    assert client.post(reverse("healthz")).status_code == 405


def test_it_answers_by_plain_http_where_visitors_are_sent_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(reverse("healthz")).status_code == 200
    assert client.get(reverse("account_login")).status_code == 301
