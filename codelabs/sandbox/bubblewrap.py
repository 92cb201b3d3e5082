"""The outer wall: a bubblewrap command whose box holds a read-only Python, one runtime, and no more of the host."""

import functools
import shutil
import subprocess
from pathlib import Path

from codelabs.sandbox import runtimes
from codelabs.sandbox.outcome import Unavailable

# Strictest first; where a host forbids one, the next is tried.
USER_NAMESPACES = (
    ("--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"),
    ("--unshare-user", "--uid", "65534", "--gid", "65534"),
    (),
)
NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
PROBE_SECONDS = 20


def command(runtime: runtimes.Runtime, user: tuple[str, ...]) -> list[str]:
    """The command up to the program that is to run in the box."""
    parts = [shutil.which("bwrap") or "bwrap", *user, *NAMESPACES]
    parts += ["--die-with-parent", "--new-session", "--hostname", "box", "--chdir", "/"]
    parts += _system()
    parts += _python()
    for path in (*runtime.files, str(Path(__file__).parent)):
        parts += ["--ro-bind", path, path]
    for device in ("/dev/null", *runtimes.DEVICES):
        parts += ["--dev-bind", device, device]
    return [*parts, "--remount-ro", "/"]


def _system() -> list[str]:
    parts = []
    for path in runtimes.system_files():
        if Path(path).is_symlink():
            parts += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).parent.is_symlink():
            continue  # /lib/… where /lib is a link: bound under its real name
        else:
            parts += ["--ro-bind", path, path]
    for link in ("/lib", "/lib64"):
        if Path(link).is_symlink() and link not in parts:
            parts += ["--symlink", str(Path(link).readlink()), link]
    return parts


def _python() -> list[str]:
    """The interpreter, its library and what lies beside it, with other packages covered up."""
    library = runtimes.library()
    parts = ["--ro-bind", runtimes.interpreter(), runtimes.interpreter(), "--ro-bind", str(library), str(library)]
    for name in sorted(runtimes.NOT_THE_LIBRARY):
        if (library / name).is_dir():
            parts += ["--tmpfs", str(library / name)]
    for shared in runtimes.library_files():
        if not shared.startswith(f"{library}/"):
            parts += ["--ro-bind", shared, shared]
    return parts


@functools.cache
def user_namespace() -> tuple[str, ...]:
    """The strictest options that work on this host. Raises Unavailable with the reason where none do."""
    if shutil.which("bwrap") is None:
        raise Unavailable("bubblewrap is not installed.")
    reason = ""
    for user in USER_NAMESPACES:
        probe = [*command(runtimes.runtime("numpy"), user), runtimes.interpreter(), "-S", "-s", "-c", ""]
        try:
            done = subprocess.run(  # noqa: S603 -- a fixed command
                probe, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            reason = reason or str(problem)
            continue
        if done.returncode == 0:
            return user
        reason = reason or done.stderr.decode("utf-8", "replace").strip()[:300]
    raise Unavailable(f"bubblewrap cannot build a box on this host: {reason}")
