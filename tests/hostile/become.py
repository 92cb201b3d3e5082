"""Become an ordinary user, and if asked one to whom namespaces are forbidden, then run a command.

    python -m tests.hostile.become [--no-namespaces] command …

Root alone can run this. The interpreter may lie where others cannot go (`/root`); then a mount namespace of this
process alone shows its folder there, and nothing else of it.
"""

import ctypes
import errno
import os
import sys
import tempfile
from pathlib import Path

NOBODY = 65_534
CLONE_NEWNS, MS_REC, MS_PRIVATE, MS_BIND = 0x20000, 0x4000, 0x40000, 0x1000
NEW_NAMESPACES = 0x7E020000
libc = ctypes.CDLL(None, use_errno=True)


def show(folder: Path) -> None:
    """Make a folder reachable for everybody, for this process and those that it starts."""
    closed = next((above for above in folder.parents if not above.stat().st_mode & 0o001), None)
    if closed is None:
        return
    _check(libc.unshare(CLONE_NEWNS), "a mount namespace")
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    aside = tempfile.mkdtemp()
    _mount(str(folder), aside, None, MS_BIND | MS_REC)
    _mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
    folder.mkdir(parents=True)
    _mount(aside, str(folder), None, MS_BIND | MS_REC)


def _mount(source: str | None, place: str, kind: str | None, flags: int, options: str | None = None) -> None:
    words = [None if word is None else word.encode() for word in (source, place, kind, options)]
    _check(libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]), f"mounting {place}")


def _check(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def forbid_namespaces() -> None:
    """As a container does whose filter knows nothing of namespaces."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    refused = seccomp.ERRNO(errno.EPERM)
    for name in ("unshare", "setns", "mount", "pivot_root"):
        rules.add_rule(refused, name)
    for bit in (1 << place for place in range(32) if NEW_NAMESPACES >> place & 1):
        rules.add_rule(refused, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.load()


def main() -> None:
    words = sys.argv[1:]
    forbidden = "--no-namespaces" in words
    show(Path(sys.base_prefix).resolve())
    home = tempfile.mkdtemp()
    os.chown(home, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    if forbidden:
        forbid_namespaces()
        words.remove("--no-namespaces")
    os.execve(words[0], words, {**os.environ, "HOME": home, "DATA_DIR": home, "TMPDIR": home})


if __name__ == "__main__":
    main()
