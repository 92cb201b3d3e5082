"""From an empty data folder to a served site and back to nothing: the commands behind `make run`."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from prepsite.management.commands.serve import address

ROOT = Path(settings.BASE_DIR)
START_SECONDS = 90
STOP_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A data folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.environment = keep | {"DATA_DIR": str(folder), "PORT": str(self.port)}
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.visitor = urllib.request.build_opener(cookies)

    def manage(self, *command: str) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, "manage.py", *command]
        return subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def serve(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self.get("/healthz")
                return process
            except OSError:
                time.sleep(0.1)
        process.kill()
        raise AssertionError(process.communicate()[0])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> str:
        return str(self.visitor.open(self.url(path), timeout=60).read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        """Send a form with the token that `page` carries."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        return str(self.visitor.open(self.url(path), body, timeout=120).read().decode())


def processes() -> dict[int, tuple[int, str]]:
    """Every process that has not ended: its parent and the moment it started, which tells a reused id."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if fields[0] != "Z":
            found[int(entry.name)] = (int(fields[1]), fields[19])
    return found


def family(root: int) -> dict[int, str]:
    """`root` and everything it started, and what those started, each with its moment."""
    everyone = processes()
    found = {root: everyone[root][1]}
    while more := {pid: at for pid, (parent, at) in everyone.items() if parent in found and pid not in found}:
        found |= more
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def first(site: Site) -> "subprocess.CompletedProcess[str]":
    return site.manage("prepare")


@pytest.fixture
def server(site: Site, first: object) -> Iterator["subprocess.Popen[str]"]:
    process = site.serve()
    yield process
    process.kill()
    print(process.communicate()[0])


def test_the_first_time_everything_is_made_and_the_password_said_once(
    site: Site, first: "subprocess.CompletedProcess[str]"
) -> None:
    assert first.returncode == 0, first.stderr
    for saying in ("Bringing the database up to date", "Loading content.", "Collecting static files.", "password"):
        assert saying in first.stdout
    password = first.stdout.split()[-1]
    kept = [path for path in Path(site.environment["DATA_DIR"]).rglob("*") if path.is_file()]
    assert not [path for path in kept if password.encode() in path.read_bytes()]


def test_the_second_time_there_is_nothing_to_do(site: Site, first: object) -> None:
    again = site.manage("prepare")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_it_serves_pages_and_files_and_says_where(site: Site, server: "subprocess.Popen[str]") -> None:
    page = site.get("/accounts/signup/")
    stylesheet = re.search(r'href="(/static/prepsite/site\.\w+\.css)"', page)
    assert stylesheet is not None, "static files carry a hash in their names"
    assert "--paper" in site.get(stylesheet[1])
    server.send_signal(signal.SIGTERM)
    said = server.communicate(timeout=STOP_SECONDS)[0]
    assert f"Serving at http://127.0.0.1:{site.port}/" in said
    assert "admin@localhost" in said


def test_a_taken_port_is_refused_in_a_sentence(site: Site, server: "subprocess.Popen[str]") -> None:
    second = site.manage("serve")
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{site.port}: Address already in use." in second.stderr
    assert "PORT=" in second.stderr
    assert "Traceback" not in second.stderr


def test_ctrl_c_stops_it_cleanly_and_leaves_no_process_even_after_a_lab(
    site: Site, server: "subprocess.Popen[str]"
) -> None:
    path = f"/labs/{settings.TRIAL_LAB}/"
    page = site.get(path)
    answer = site.post(f"{path}submit/", page, source="def rnn_cell(x, h, Wx, Wh, b):\n    return h\n", kind="run")
    assert "rnn_cell" in answer
    started = family(server.pid)
    assert len(started) > 3, "the server, its worker, and a sandbox"
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does it: to everything in the foreground
    said = server.communicate(timeout=STOP_SECONDS)[0]
    assert server.returncode == 0
    assert "Traceback" not in said
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        now = processes()
        left = [pid for pid, at in started.items() if pid in now and now[pid][1] == at]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://localhost:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("prep.example.org", "http://prep.example.org:8000/"),
    ],
)
def test_the_address_can_be_typed_into_a_browser(host: str, shown: str) -> None:
    assert address(host, 8000) == shown
