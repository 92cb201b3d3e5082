"""The people of the tests and their browser. Alice learns, Bob is another learner, Carol is staff."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from prepsite.accounts.models import User

PASSWORD = "correct-horse-battery"

# Debian's Chromium as root in a container: no sandbox of its own, no GPU, and no calls to anyone but the test server.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_configure(config: pytest.Config) -> None:
    # Playwright runs an event loop in the test's thread; the tests' own queries there are synchronous and on purpose.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits count in the cache; no test inherits the attempts of another."""
    cache.clear()


def _person(email: str, **extra: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **extra)


@pytest.fixture
def alice(db: None) -> User:
    return _person("alice@example.org", zone="Europe/Berlin")


@pytest.fixture
def bob(db: None) -> User:
    return _person("bob@example.org")


@pytest.fixture
def carol(db: None) -> User:
    return _person("carol@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client signed in as the person given."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def as_alice(alice: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(alice)


@pytest.fixture
def as_bob(bob: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(bob)


@pytest.fixture
def as_carol(carol: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(carol)


def chromium() -> str | None:
    """The system's Chromium if there is one; None leaves the choice to Playwright's own download."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's hook: which browser its `page` fixture starts, and how."""
    return browser_type_launch_args | {"executable_path": chromium(), "args": CHROMIUM_ARGUMENTS}
