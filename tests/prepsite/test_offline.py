"""What makes the site installable: the worker, the manifest, the stand-in page, and what each may hold."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from prepsite.accounts.models import User
from prepsite.offline.release import device_key, release
from prepsite.offline.views import PARTS

pytestmark = pytest.mark.django_db


def test_the_worker_is_a_script_at_the_root_and_is_never_kept_by_the_browser(client: Client) -> None:
    response = client.get("/sw.js")
    assert response.headers["Content-Type"] == "text/javascript"
    assert "no-store" in response.headers["Cache-Control"]
    text = response.content.decode()
    assert release() in text
    assert "{{" not in text
    assert "&quot;" not in text


def test_the_manifest_makes_the_site_installable(client: Client) -> None:
    told = client.get("/manifest.webmanifest").json()
    assert told["start_url"] == told["scope"] == told["id"] == "/"
    assert told["display"] == "standalone"
    sizes = {(icon["sizes"], icon["type"]) for icon in told["icons"]}
    assert {("192x192", "image/png"), ("512x512", "image/png"), ("any", "image/svg+xml")} <= sizes
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon


def test_the_stand_in_page_is_the_same_for_everybody(client: Client, as_alice: Client, alice: User) -> None:
    page = client.get("/offline/")
    assert page.content == as_alice.get("/offline/").content
    assert alice.email not in page.content.decode()
    assert "Set-Cookie" not in page.headers


def test_everything_that_the_stand_in_page_loads_is_kept_with_it(client: Client) -> None:
    loaded = set(re.findall(r'(?:src|href)="/static/([^"]+)"', client.get("/offline/").content.decode()))
    assert loaded <= set(PARTS)
    for part in PARTS:
        assert finders.find(part), part


def test_pages_say_whose_they_are_in_words_that_mean_nothing_elsewhere(
    client: Client, as_alice: Client, alice: User, bob: User
) -> None:
    assert 'data-learner=""' in client.get("/").content.decode()
    assert f'data-learner="{device_key(alice)}"' in as_alice.get("/").content.decode()
    assert device_key(alice) != device_key(bob)
    assert str(alice.pk) != device_key(alice)


@pytest.mark.parametrize("address", ["/sw.js", "/manifest.webmanifest", "/offline/"])
def test_none_of_it_takes_a_post(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
