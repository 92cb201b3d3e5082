"""Getting in, one's settings and leaving, by keyboard, with and without JavaScript."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/nowhere",
]
IN = ["/account/", "/account/delete/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]


def test_a_visitor_signs_up_by_keyboard_and_the_browser_brings_the_time_zone(
    new_page: Callable[..., Page], live_server: LiveServer
) -> None:
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto(live_server.url + "/accounts/signup/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("new@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    assert User.objects.get().zone == "Asia/Tokyo"
    page.goto(live_server.url + "/account/")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.locator("[data-zone-hint]")).to_be_hidden()


def test_without_javascript_one_signs_up_all_the_same(new_page: Callable[..., Page], live_server: LiveServer) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(live_server.url + "/accounts/signup/")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    assert User.objects.get().zone == "UTC"


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    page.goto(live_server.url + "/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account")).to_be_visible()


def test_somewhere_else_the_settings_offer_the_zone_one_is_in(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User
) -> None:
    page = new_page(timezone_id="America/New_York")
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/account/")
    expect(page.get_by_text("Your browser says America/New York.")).to_be_visible()
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    alice.refresh_from_db()
    assert alice.zone == "America/New_York"


def test_a_refused_form_ties_its_errors_to_the_field(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/accounts/signup/")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password").fill("12345")
    page.get_by_role("button", name="Sign up").click()
    field = page.get_by_label("Password")
    expect(field).to_have_attribute("aria-invalid", "true")
    described_by = (field.get_attribute("aria-describedby") or "").split()
    said = " ".join(page.locator(f"#{name}").inner_text() for name in described_by)
    assert "At least 10 characters" in said
    assert "too short" in said
    expect(page.get_by_label("E-mail address")).to_have_value("new@example.org")


def test_the_account_is_deleted_after_a_clear_word_and_the_password(
    page: Page, live_server: LiveServer, alice: User
) -> None:
    sign_in(page, live_server, alice)
    page.goto(live_server.url + "/account/")
    page.get_by_role("link", name="Delete your account").click()
    expect(page.get_by_text("Nobody can bring it back.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("are deleted")).to_be_visible()
    assert not User.objects.exists()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_every_account_page_is_accessible_and_fits_a_phone(
    new_page: Callable[..., Page], live_server: LiveServer, alice: User, color_scheme: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=color_scheme)

    def check(path: str) -> None:
        page.goto(live_server.url + path)
        serious = [
            f"{path}: {found['id']} {found['nodes'][0]['html'][:120]}"
            for found in Axe().run(page).response["violations"]
            if found["impact"] in {"serious", "critical"}
        ]
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

    for path in OUT:
        check(path)
    sign_in(page, live_server, alice)
    for path in IN:
        check(path)
