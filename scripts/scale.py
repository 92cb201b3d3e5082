"""`make test-scale`: the suite, and the learner's story across processes, on PostgreSQL, Redis and a Celery worker.

Everything is our own: Debian's programs, a temporary folder, free ports, passwords made for this run. Whatever happens,
what was started is stopped by its process id and the folder removed. Arguments go to pytest.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
STOP_SECONDS = 10
# What the servers run as when we are root: PostgreSQL refuses to.
UNPRIVILEGED = ("postgres", "nobody")
# Tests that touch neither database nor Redis, or bring their own: `make test` runs them.
SAME_EVERYWHERE = (
    "tests/browser",
    "tests/hostile",
    "tests/codelabs/sandbox",
    "tests/prepsite/test_serving.py",
    "tests/test_architecture.py",
)


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    have_programs()
    with ExitStack() as running:
        folder = running.enter_context(temporary_folder())
        print("Starting PostgreSQL and Redis of our own.", flush=True)
        database_url = running.enter_context(postgres(folder / "postgres"))
        redis_url = running.enter_context(redis(folder / "redis"))
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "CELERY_"))}
        environment = plain | {"DATA_DIR": str(folder / "data"), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        # The suite grades within the request, as its tests expect; the story's submissions go through the queue.
        suite = pytest(
            ["-m", "not scale and not browser", *(f"--ignore={path}" for path in SAME_EVERYWHERE)],
            arguments,
            environment | {"CELERY_BROKER_URL": ""},
            "The suite on PostgreSQL and Redis.",
        )
        story = pytest(["tests/scale", "-m", "scale"], arguments, environment, "The story with a Celery worker.")
    print("Passed on PostgreSQL, Redis and a Celery worker." if suite == story == 0 else "Failed; see above.")
    return 1 if suite or story else 0


def pytest(chosen: Sequence[str], arguments: Sequence[str], environment: dict[str, str], saying: str) -> int:
    print(f"== {saying}", flush=True)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *chosen, *arguments]
    # A session of its own, so that whatever it left behind can be stopped with it.
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        return process.wait()
    finally:
        _stop_group(process)


def have_programs() -> None:
    missing = [
        package for package, found in (("postgresql", postgres_bin()), ("redis-server", redis_bin())) if not found
    ]
    if missing and subprocess.run([ROOT / "scripts/debian", *missing], check=False).returncode != 0:
        sys.exit(f"Needed and not found: {', '.join(missing)}. On Debian, as root: apt-get install {' '.join(missing)}")


def postgres_bin() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's, else wherever they are on the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next((path for path in folders if (path / "initdb").exists()), Path(found).parent if found else None)


def redis_bin() -> str | None:
    return shutil.which("redis-server")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="prepsite-scale-"))
    folder.chmod(0o711)  # the servers' user passes through; each server's own folder is closed to all others
    (folder / "data").mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A fresh cluster without durability, which tests do not need; its address as a DATABASE_URL."""
    binaries, port, password = postgres_bin(), free_port(), secrets.token_hex(16)
    assert binaries is not None
    make_folder(folder)
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    give(secret)
    data = folder / "data"
    run: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "prepsite",
        "--pwfile",
        secret,
        "-A",
        "scram-sha-256",
        "--no-sync",
    ]
    done = subprocess.run(
        [*run, "-E", "UTF8", "--locale", "C.UTF-8"], capture_output=True, text=True, check=False, **as_server(folder)
    )
    if done.returncode != 0:
        sys.exit(f"initdb failed:\n{done.stderr}")
    settings = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "timezone=UTC")
    command: list[object] = [binaries / "postgres", "-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder]
    for setting in settings:
        command += ["-c", setting]
    with server("PostgreSQL", command, folder, port, stop=signal.SIGINT):
        create = [str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "prepsite", "prepsite"]
        environment = os.environ | {"PGPASSWORD": password}
        until(lambda: subprocess.run(create, env=environment, capture_output=True, check=False).returncode == 0)
        yield f"postgres://prepsite:{password}@127.0.0.1:{port}/prepsite"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    program, port, password = redis_bin(), free_port(), secrets.token_hex(16)
    assert program is not None
    make_folder(folder)
    configuration = folder / "redis.conf"
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\ndaemonize no\n'
    )
    configuration.chmod(0o600)
    give(configuration)
    with server("Redis", [program, configuration], folder, port, stop=signal.SIGTERM):
        yield f"redis://:{password}@127.0.0.1:{port}/0"


@contextmanager
def server(name: str, command: Sequence[object], folder: Path, port: int, *, stop: int) -> Iterator[None]:
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_server(folder),
        )
    try:
        if not until(lambda: process.poll() is not None or listens(port)) or process.poll() is not None:
            sys.exit(f"{name} did not start:\n{log.read_text()[-2_000:]}")
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _stop_group(process)


def as_server(folder: Path) -> dict[str, Any]:
    """Popen's arguments for a process that is not root."""
    user = server_user()
    return {"cwd": folder} | ({"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {})


def server_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    give(folder)


def give(path: Path) -> None:
    if user := server_user():
        shutil.chown(path, user, pwd.getpwnam(user).pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def _stop_group(process: "subprocess.Popen[bytes]") -> None:
    """End the process and whatever it left in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # unwinds, so that everything is stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
