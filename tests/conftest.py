"""The people of the tests. Alice learns, Bob is another learner, Carol is staff."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, settings

from prepsite.accounts.models import User

PASSWORD = "correct-horse-battery"

# No test asks how fast it is: on a busy machine one drawing may take a second.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


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
