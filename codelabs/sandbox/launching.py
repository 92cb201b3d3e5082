"""Launching the process of a zygote: what it is given of the world, and whose process it is."""

import os
import subprocess
from pathlib import Path

from codelabs.sandbox import bubblewrap, proc, runtimes
from codelabs.sandbox.outcome import Unavailable
from codelabs.sandbox.runtimes import Runtime

NOBODY = 65_534
CHANGE_USER = 0b1110_0000  # set users, set groups, and signal processes of other users
# One thread everywhere: a fork copies only one, and learners are not to be graded by the cores of the day.
ENVIRONMENT = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        *("VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS", "MALLOC_ARENA_MAX"),
    ),
    "1",
) | {
    # What is freed is kept for the next array: asking the kernel for it again takes longer than most uses of it. These
    # are the highest values to which glibc raises both by itself, as it sees arrays come and go.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/",
    "PATH": "/nowhere",
    # torch makes its cache folder when it is imported; this one exists, and nothing is ever written into it.
    "TORCHINDUCTOR_CACHE_DIR": "/",
}
# The box has no codelabs package, only this folder under its name.
BOOT = """
import sys, types
for name, path in (("codelabs", []), ("codelabs.sandbox", [sys.argv[1]])):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = path
from codelabs.sandbox.zygote import main
main(int(sys.argv[2]), int(sys.argv[3]))
"""


def launch(runtime: Runtime, control: int, *, outer: bool) -> subprocess.Popen[bytes]:
    """A zygote that listens at the file descriptor `control`; in bubblewrap if `outer`. It reads its setup from there,
    and what it says on its error stream tells why it ended. Raises Unavailable."""
    try:
        return _start(runtime, control, outer=outer, as_nobody=not outer and _can_be_nobody(runtime))
    except PermissionError:  # root, but of a container that may not change its user
        return _start_as_oneself(runtime, control, outer=outer)


def _start_as_oneself(runtime: Runtime, control: int, *, outer: bool) -> subprocess.Popen[bytes]:
    try:
        return _start(runtime, control, outer=outer, as_nobody=False)
    except PermissionError as problem:
        raise Unavailable("The site's user may not start the Python that its boxes need.") from problem


def _start(runtime: Runtime, control: int, *, outer: bool, as_nobody: bool) -> subprocess.Popen[bytes]:
    around = bubblewrap.command(runtime, bubblewrap.user_namespace()) if outer else []
    # In the box bubblewrap sees to it that nothing outlives this process; without it the zygote does.
    parent = "0" if outer else str(os.getpid())
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody else {}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return] # noqa: S603 -- a fixed command
        [
            *(*around, runtimes.interpreter(), "-s", "-S", "-P", "-B", "-c", BOOT),
            *(str(Path(__file__).parent), str(control), parent),
        ],
        env=ENVIRONMENT,
        pass_fds=[control],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
        **user,
    )


def _can_be_nobody(runtime: Runtime) -> bool:
    """Whether a site that runs as root without bubblewrap can at least run its zygotes as nobody."""
    if os.geteuid() != 0 or proc.capabilities() & CHANGE_USER != CHANGE_USER:
        return False
    return all(runtimes.open_to_all(path) for path in (__file__, runtimes.interpreter(), *runtime.files))
