"""What the environment may say, what it means, and that the documentation lists exactly that."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("prepsite", "quizzes", "codelabs")
SCRIPTS = {"PYTHON", "TORCH", "TORCH_INDEX"}  # what `make` reads, in scripts/install
OTHERS = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}


def python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh interpreter with nothing but this environment, its data in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=OTHERS | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "prepsite.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def variables_read() -> set[str]:
    source = "\n".join(path.read_text() for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    found = re.findall(r'(?:\benv\.\w+\(|environ\.get\(|environ\[|getenv\()\s*"([A-Z][A-Z_]+)"', source)
    return set(found) - {"DJANGO_SETTINGS_MODULE"}


def variables_documented() -> set[str]:
    page = (ROOT / "docs/operations.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))


def test_every_variable_is_documented_and_nothing_else_is() -> None:
    assert variables_read() | SCRIPTS == variables_documented()


def test_every_documented_variable_says_its_default_and_its_meaning() -> None:
    rows = re.findall(r"^\| `[A-Z_]+` .*$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    for row in rows:
        assert all(cell.strip() for cell in row.strip("|").split("|")), row


def test_the_script_variables_are_read_by_the_scripts() -> None:
    script = (ROOT / "scripts/install").read_text()
    assert {name for name in SCRIPTS if f"${{{name}:-" in script} == SCRIPTS


def test_with_nothing_set_the_site_is_local_and_safe(tmp_path: Path) -> None:
    said = python(
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.ALLOWED_HOSTS, s.CELERY_TASK_ALWAYS_EAGER, s.SESSION_COOKIE_HTTPONLY)",
        tmp_path,
    )
    assert said.stdout.strip() == "False ['localhost', '127.0.0.1', '[::1]'] True True", said.stderr


def test_a_typed_variable_that_is_set_and_empty_means_its_default(tmp_path: Path) -> None:
    source = "".join((ROOT / "prepsite" / name).read_text() for name in ("settings.py", "serving.py"))
    typed = re.findall(r'\benv\.(?:bool|int|list)\(\s*"([A-Z_]+)"', source)
    assert {"DEBUG", "ALLOWED_HOSTS", "PORT"} <= set(typed)
    code = (
        "from django.conf import settings as s; from prepsite import serving;"
        "print(s.DEBUG, s.ALLOWED_HOSTS, s.EMAIL_PORT, s.EMAIL_USE_TLS, serving.bind)"
    )
    said = python(code, tmp_path, **dict.fromkeys(typed, ""))
    assert said.stdout.strip() == "False ['localhost', '127.0.0.1', '[::1]'] 587 True 127.0.0.1:8000", said.stderr


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = python(code, tmp_path), python(code, tmp_path)
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("secret_key")] == ["secret_key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    environment = OTHERS | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "prepsite.settings"}
    racers = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({racer.communicate(timeout=60)[0] for racer in racers}) == 1


def test_the_deployment_check_is_clean_with_the_documented_settings(tmp_path: Path) -> None:
    page = (ROOT / "docs/operations.md").read_text()
    block = re.search(r"<!-- production -->\s+```sh\n(.*?)```", page, re.DOTALL)
    assert block is not None
    documented = dict(re.findall(r"^(?:export )?([A-Z_]+)=(\S+)", block[1], re.MULTILINE))
    assert {"HTTPS", "ALLOWED_HOSTS", "TRUST_PROXY"} <= set(documented)
    # The database and the broker are named there too; checking settings does not need them to answer.
    said = python(
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])",
        tmp_path,
        **documented,
    )
    assert said.returncode == 0, said.stderr
    assert "no issues (0 silenced)" in said.stdout


def test_https_turns_on_everything_that_makes_sense_behind_tls(tmp_path: Path) -> None:
    said = python(
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)",
        tmp_path,
        HTTPS="1",
    )
    assert said.stdout.strip() == "True True True True"


def test_a_broker_alone_moves_grading_to_workers(tmp_path: Path) -> None:
    code = "from django.conf import settings as s; print(s.CELERY_TASK_ALWAYS_EAGER, s.CELERY_BROKER_URL)"
    assert python(code, tmp_path, REDIS_URL="redis://r:6379/0").stdout.strip() == "False redis://r:6379/0"
    # An empty broker beside Redis keeps grading in the web process, with Redis for cache and rate limits alone.
    assert (
        python(code, tmp_path, REDIS_URL="redis://r:6379/0", CELERY_BROKER_URL="").stdout.strip()
        == "True memory://localhost"
    )


def test_one_number_says_when_a_grading_is_given_up(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from codelabs.models.submission import STALE_AFTER\n"
        "from prepsite.celery import app\n"
        "queue = app.conf.broker_transport_options['visibility_timeout']\n"
        "print(app.conf.task_soft_time_limit, queue, STALE_AFTER.seconds)"
    )
    assert python(code, tmp_path).stdout.split() == ["270", "300", "900"]
    assert python(code, tmp_path, GRADING_SECONDS="20").stdout.split() == ["18", "20", "60"]


def test_half_of_the_web_threads_grade_and_at_least_one(tmp_path: Path) -> None:
    code = "from django.conf import settings as s; print(s.GRADING_SLOTS)"
    for said, slots in (({}, "4"), ({"WEB_THREADS": "1"}, "1"), ({"GRADING_SLOTS": "3"}, "3")):
        assert python(code, tmp_path, **said).stdout.strip() == slots


def test_the_web_process_never_imports_torch(tmp_path: Path) -> None:
    """Importing torch takes seconds and hundreds of megabytes; only the sandbox's zygotes do it."""
    said = python(
        "import sys, importlib, pkgutil\n"
        "import prepsite.wsgi\n"
        "from django.urls import get_resolver\n"
        "def walk(patterns):\n"
        "    for p in patterns: walk(p.url_patterns) if hasattr(p, 'url_patterns') else p.callback\n"
        "walk(get_resolver().url_patterns)\n"
        "import prepsite.celery; prepsite.celery.app.loader.import_default_modules()\n"
        "print('torch' in sys.modules, len(sys.modules) > 500)\n",
        tmp_path,
    )
    assert said.stdout.strip() == "False True", said.stderr


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")
def test_sqlite_waits_for_its_turn_keeps_references_and_writes_ahead() -> None:
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 20_000}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
