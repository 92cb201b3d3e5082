"""Whether labs can run here, said without starting anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from codelabs import availability
from codelabs.availability import why_unavailable
from codelabs.models import Draft, Submission
from codelabs.sandbox import Unavailable
from prepsite.accounts.models import User
from tests.codelabs.rows import make_lab


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    availability._what_is_missing.cache_clear()
    yield
    availability._what_is_missing.cache_clear()


def absent(*args: Any, **options: Any) -> None:
    raise Unavailable("PyTorch is not installed here.")


def test_nothing_is_said_where_labs_can_run() -> None:
    assert why_unavailable() == ""


def test_another_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codelabs.availability.sys.platform", "darwin")
    assert why_unavailable() == "The sandbox needs Linux."


@pytest.mark.django_db
def test_an_attempt_is_refused_with_the_reason_and_its_code_kept(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = make_lab()
    monkeypatch.setattr("codelabs.availability.sys.platform", "darwin")
    sent = {"source": "mine = 1\n", "kind": "submit"}
    response = as_alice.post(f"/labs/{lab.slug}/submit/", sent, headers={"accept": "application/x-ndjson"})
    assert response.status_code == 422
    assert response.json() == {
        "refusal": "This lab cannot run on this host. The sandbox needs Linux. Your code is kept."
    }
    assert not Submission.objects.exists()
    assert Draft.objects.get(user=alice).source == "mine = 1\n"


def test_a_kernel_without_landlock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codelabs.availability.walls.landlock_version", lambda: 0)
    assert "Landlock" in why_unavailable()


def test_a_missing_runtime_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codelabs.availability.runtimes.runtime", absent)
    assert why_unavailable("torch") == "PyTorch is not installed here."


def test_with_workers_this_host_does_not_matter(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr("codelabs.availability.runtimes.runtime", absent)
    assert why_unavailable("torch") == ""
