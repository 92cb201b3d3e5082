"""Opening a lab warms the sandbox that will grade it."""

import pytest
from pytest_django import Settings

from codelabs import availability
from codelabs.models import LabFile
from codelabs.sandbox import pool
from tests.codelabs.rows import make_lab

pytestmark = pytest.mark.django_db


def test_opening_a_lab_starts_its_runtime_without_waiting_for_it(settings: Settings) -> None:
    settings.SANDBOX_WARM_UP = True
    lab = make_lab()
    LabFile.objects.update_or_create(lab=lab, path="oracle.py", defaults={"text": "import numpy as np\n"})
    availability.warm_up(lab)
    keeper = pool().warm("numpy")
    assert keeper is pool().keeper("numpy"), "the zygote that was started is the one that grades"


def test_nothing_is_started_where_workers_grade(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SANDBOX_WARM_UP = True
    settings.CELERY_TASK_ALWAYS_EAGER = False
    started: list[str] = []
    monkeypatch.setattr(type(pool()), "warm", lambda self, runtime: started.append(runtime))
    availability.warm_up(make_lab())
    assert started == []
