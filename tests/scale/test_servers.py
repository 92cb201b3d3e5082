"""The servers of the scaled set-up are really the ones in use."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from prepsite.celery import app


@pytest.mark.django_db
def test_the_tables_are_in_postgresql() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 140000, current_setting('TimeZone')")
        assert cursor.fetchone() == (True, "UTC")


def test_the_cache_is_redis_and_shared() -> None:
    cache.set("seen", "by every web process", 30)
    assert settings.CACHES["default"]["BACKEND"].endswith("RedisCache")
    assert cache.get("seen") == "by every web process"


def test_a_worker_answers_and_knows_how_to_grade(worker: Path) -> None:
    assert not settings.CELERY_TASK_ALWAYS_EAGER
    [tasks] = (app.control.inspect(timeout=5).registered() or {}).values()
    assert any("grade" in task for task in tasks)
