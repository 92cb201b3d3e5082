"""The pictures in a browser: seen in every look, read by keyboard, and taken along as files."""

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes.models import Break
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_every_page import faults
from tests.quizzes import simulated
from tests.quizzes.flashcards import make_flashcards

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAYS = 60


@pytest.fixture
def log(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.now().date()
    start = dt.datetime.combine(today - dt.timedelta(days=DAYS), dt.time(12), dt.UTC)
    monkeypatch.setattr(simulated, "START", start)
    given = simulated.history(DAYS, 5, np.random.default_rng(8), simulated.forgetful())
    simulated.store(alice, given, make_flashcards(5 * DAYS))
    Break.objects.create(user=alice, first_day=today + dt.timedelta(days=3), last_day=today + dt.timedelta(days=5))


@pytest.fixture
def opened(new_page: Callable[..., Page], live_server: LiveServer, as_alice: Client) -> Callable[..., Page]:
    def open_page(viewport: dict[str, int], scheme: str) -> Page:
        page = new_page(viewport=viewport, color_scheme=scheme)
        cookie = as_alice.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(live_server.url + "/progress/")
        return page

    return open_page


def test_pictures_are_accessible_in_every_look_and_come_out_as_files(
    opened: Callable[..., Page], log: None, tmp_path: Path
) -> None:
    for viewport, scheme in ((DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")):
        page = opened(viewport, scheme)
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("table", name="A year of reviews").wait_for()
        assert faults(page, viewport, scheme) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Do the predictions hold? as PNG").click()
    download.value.save_as(tmp_path / "picture.png")
    data = (tmp_path / "picture.png").read_bytes()
    assert download.value.suggested_filename.endswith(".png")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (840, 420)
    assert len(data) > 5_000, "it is not an empty sheet"
    with page.expect_download() as download:
        page.get_by_role("link", name="A year of reviews as CSV").click()
    assert Path(download.value.path()).read_text().startswith("Study day,Reviews,Remark")


def test_a_fit_is_made_at_a_click_and_given_up_at_another(opened: Callable[..., Page], log: None) -> None:
    page = opened(PHONE, "light")
    page.get_by_role("button", name="Fit to my log").click()
    page.get_by_text("Your fit predicts better than both").wait_for(timeout=60_000)
    page.get_by_role("img", name="Your fit on the reviews held back").wait_for()
    assert faults(page, PHONE, "light") == []
    page.get_by_role("button", name="Back to the defaults").click()
    page.get_by_text("The defaults are in use, as you chose").wait_for()
