"""A Celery worker of the tests' own, on the tests' own database. `make test-scale` brings PostgreSQL and Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from prepsite.celery import app

START_SECONDS = 120
STOP_SECONDS = 15


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="needs PostgreSQL, Redis and a worker: make test-scale")
    ready = connection.vendor == "postgresql" and not settings.CELERY_TASK_ALWAYS_EAGER
    for item in items:
        if "tests/scale/" in item.path.as_posix():
            item.add_marker(pytest.mark.scale)
            if not ready:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One worker process with two graders; the path is its log."""
    log = tmp_path_factory.mktemp("worker") / "log"
    process = start_worker(log)
    try:
        yield log
    finally:
        stop_worker(process)


def start_worker(log: Path, *, keep_queue: bool = False, **environment: str) -> "subprocess.Popen[bytes]":
    if not keep_queue:
        app.control.purge()
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "prepsite", "worker", "--concurrency", "2", "--loglevel", "INFO"],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "prepsite.settings"}
            | environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    eventually(lambda: process.poll() is not None or bool(app.control.ping(timeout=1)), START_SECONDS)
    assert process.poll() is None, log.read_text()
    return process


def stop_worker(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def kill_worker(process: "subprocess.Popen[bytes]") -> None:
    """As when its machine fails: all of its processes at once, and none may tidy up."""
    doomed = [process.pid, *graders_of(process)]
    for pid in doomed:
        os.kill(pid, signal.SIGSTOP)  # so that none sees another one die
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)
    process.wait()


def graders_of(process: "subprocess.Popen[bytes]") -> list[int]:
    """The ids of the worker's processes that grade."""
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for file in children for pid in file.read_text().split()]


def database_url() -> str:
    """The address of the database that the tests use, which pytest-django made beside the configured one."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


def eventually(holds: Callable[[], Any], seconds: float) -> Any:
    """Ask until the answer is true, and return it; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.05)
    return answer
