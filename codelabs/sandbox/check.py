"""Which walls hold on this host: what is missing, what that risks, and what to do about it."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from codelabs.sandbox import bubblewrap, runtimes, walls
from codelabs.sandbox.job import Answer, Limits
from codelabs.sandbox.outcome import Outcome, Unavailable
from codelabs.sandbox.pool import Pool

LIMITS = Limits(cpu_seconds=2, wall_seconds=10, memory_mb=128)
# Each is run behind the inner walls alone, so that bubblewrap cannot hide a wall that does not stand.
TRIALS = """
import numpy as np

def connect():
    import socket
    socket.socket()

def read():
    with open("/etc/passwd") as file:
        return file.read()

def write():
    with open("/tmp/left-behind", "w") as file:
        file.write("x")

def hoard():
    return float(np.ones(10**9).sum())

def compute():
    return float(np.linalg.solve(np.eye(3) * 2, np.ones(3)).sum())
"""


@dataclass(frozen=True)
class Wall:
    """One wall. `required` ones must hold or nothing runs; of the others `risk` says what their lack leaves open."""

    name: str
    holds: bool
    required: bool
    detail: str
    risk: str
    remedy: str


@dataclass(frozen=True)
class Report:
    """`runtimes` maps a runtime to an empty string when it can be had, else to the reason why not."""

    ready: bool
    walls: tuple[Wall, ...]
    runtimes: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    def as_text(self) -> str:
        lines = []
        for wall in self.walls:
            lines.append(f"{'holds ' if wall.holds else 'MISSING'}  {wall.name}: {wall.detail}")
            if not wall.holds:
                lines += [f"         risk: {wall.risk}", f"         remedy: {wall.remedy}"]
        lines += [f"runtime  {name}: {why or 'available'}" for name, why in self.runtimes.items()]
        lines.append("Labs can run here." if self.ready else "Labs cannot run here.")
        return "\n".join(lines)


def report(*, start_torch: bool = False) -> Report:
    """Try every wall. Starts a NumPy zygote of its own, and a torch one (seconds) when `start_torch`. Never raises."""
    available = {name: _installed(name) for name in runtimes.PACKAGES}
    found = [_linux(), _python()]
    if not found[1].holds:  # no box can be had, so the walls of one cannot be tried
        found.append(_bubblewrap())
    elif found[0].holds:
        pool = Pool(outer=False, ahead=0)
        try:
            found += [_landlock(pool), _seccomp(pool), _limits(pool), _bubblewrap()]
            for name in ("numpy", "torch") if start_torch else ("numpy",):
                available[name] = available[name] or _starts(pool, name)
        finally:
            pool.close()
    ready = all(wall.holds for wall in found if wall.required) and not available["numpy"]
    return Report(ready, tuple(found), available)


def _installed(name: str) -> str:
    try:
        runtimes.runtime(name)
    except Unavailable as problem:
        return problem.reason
    return ""


def _starts(pool: Pool, name: str) -> str:
    answer, reason = _trial(pool, "compute", runtime=name)
    if answer is None:
        return reason
    return "" if answer.value == 1.5 else f"it computes wrongly: {answer.outcome}"


def _trial(pool: Pool, name: str, runtime: str = "numpy") -> tuple[Answer | None, str]:
    try:
        with pool.box(runtime, LIMITS) as box:
            box.load("trial", TRIALS)
            return box.call(f"trial:{name}"), ""
    except Unavailable as problem:
        return None, problem.reason


def _refused(pool: Pool, names: tuple[str, ...], expected: Callable[[Answer], bool]) -> tuple[bool, str]:
    for name in names:
        answer, reason = _trial(pool, name)
        if answer is None:
            return False, reason
        if not expected(answer):
            return False, f"an attempt to {name} ended as {answer.outcome}"
    return True, ""


def _linux() -> Wall:
    return Wall(
        "Linux",
        sys.platform == "linux",
        True,
        f"{platform.system()} {platform.release()}",
        "The other walls are the Linux kernel's.",
        "Run the site on Linux 5.13 or newer, or in a Linux virtual machine.",
    )


def _python() -> Wall:
    closed = _closed()
    return Wall(
        "Python",
        not closed,
        True,
        closed or f"{runtimes.interpreter()} can be started",
        "No box can be started, and none of the walls of one could be tried.",
        "Keep Python and the site's packages where the site's user may read and run them, such as below /opt or /srv,"
        " not in another user's home.",
    )


def _closed() -> str:
    """Why this user cannot start the Python of the boxes; empty if nothing is in the way."""
    python = runtimes.interpreter()
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command
            [python, "-I", "-S", "-c", ""], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"{python} cannot be started by this user: {problem}"
    if done.returncode:
        return f"{python} ends with {done.returncode}: {done.stderr[-500:].decode('utf-8', 'replace').strip()}"
    files = [path for name in runtimes.PACKAGES if not _installed(name) for path in runtimes.runtime(name).files]
    unreadable = next((path for path in files if not os.access(path, os.R_OK)), "")
    return f"{unreadable} cannot be read by this user" if unreadable else ""


def _landlock(pool: Pool) -> Wall:
    holds, reason = _refused(
        pool,
        ("read", "write"),
        lambda answer: answer.error is not None and answer.error.type == "PermissionError",
    )
    return Wall(
        "Landlock",
        holds,
        True,
        reason or f"version {walls.landlock_version()}; a file of the host could be neither read nor written",
        "Learners' code could read files of this host.",
        "Use Linux 5.13 or newer with landlock among its security modules (lsm=landlock,…), not hidden by a container.",
    )


def _seccomp(pool: Pool) -> Wall:
    holds, reason = _refused(pool, ("connect",), lambda answer: answer.outcome is Outcome.FORBIDDEN)
    return Wall(
        "seccomp",
        holds,
        True,
        reason or "a socket ended the process that asked for it",
        "Learners' code could use the network, start processes and reach more of the kernel.",
        "Install libseccomp2, and use a kernel with seccomp filters.",
    )


def _limits(pool: Pool) -> Wall:
    holds, reason = _refused(pool, ("hoard",), lambda answer: answer.outcome is Outcome.MEMORY)
    return Wall(
        "resource limits",
        holds,
        True,
        reason or "8 GB were refused to a process that may have 128 MB",
        "Learners' code could exhaust this host.",
        "Allow the site's user to lower its own limits, which any ordinary Linux does.",
    )


def _bubblewrap() -> Wall:
    try:
        user = bubblewrap.user_namespace()
        holds, detail = True, "its boxes stand" + (" with a user namespace" if user else ", without a user namespace")
    except Unavailable as problem:
        holds, detail = False, problem.reason
    return Wall(
        "bubblewrap",
        holds,
        False,
        detail,
        "One layer less: names, sizes and dates of files and the numbers of processes can be seen, not contents.",
        "Install bubblewrap; in a container also allow user namespaces (for Docker: a seccomp profile that does).",
    )
