"""The inner walls, put up by a process around itself: they hold with or without bubblewrap around them.

Order matters. The zygote gives up privileges once, for itself and all that it forks. Each child then closes what it
inherited, ties its life to the zygote's, lowers its limits, enters its own Landlock domain (so that children cannot
reach one another) and, last, loads the seccomp filter, after which none of this can be undone.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
SECCOMP_MODE_FILTER = 2
LAST_CAPABILITY = 63
# Landlock has one number on every architecture.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION_FLAG = 1
LANDLOCK_RULE_PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many file rights each version of Landlock handles: refer came with 2, truncate with 3, device ioctl with 5.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
BIND_AND_CONNECT_TCP = 0b11  # version 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # version 6


class WallError(OSError):
    """A wall could not be put up, so nothing may run behind it."""


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise WallError(code, f"{what}: {os.strerror(code)}")
    return result


def _prctl(option: int, *arguments: int) -> int:
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return int(_libc.prctl(option, *padded))


def give_up_privileges() -> None:
    """No new privileges and no capabilities, for this process and all that it forks."""
    _check(_prctl(PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")
    for capability in range(LAST_CAPABILITY + 1):
        _prctl(PR_CAPBSET_DROP, capability)  # refused where there is nothing to drop; the next two are what counts
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.capset(header, bytes(24)), "capabilities")


def hide_from_peers() -> None:
    """Not traceable, nor its memory readable, by other processes of the same user."""
    _check(_prctl(PR_SET_DUMPABLE, 0), "not dumpable")


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent` ends, also if it has ended already."""
    _check(_prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "parent death signal")
    if os.getppid() != parent:
        os._exit(0)


def landlock_version() -> int:
    """Which version of Landlock this kernel has; 0 for none."""
    _libc.syscall.restype = ctypes.c_long
    found = _libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(LANDLOCK_VERSION_FLAG))
    return max(int(found), 0)


def landlock_ruleset(readable: Iterable[str]) -> int:
    """A descriptor of the rules: these files and folders may be read, nothing else touched, nothing bound, connected
    to or signalled."""
    version = landlock_version()
    if version < 1:
        raise WallError("this kernel has no Landlock")
    files = (1 << FILE_RIGHTS[min(version, 5)]) - 1
    network = BIND_AND_CONNECT_TCP if version >= 4 else 0
    scoped = ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    fields = 1 if version < 4 else 2 if version < 6 else 3
    attributes = struct.pack("=QQQ", files, network, scoped)[: 8 * fields]
    create = _libc.syscall(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    ruleset = _check(int(create), "Landlock")
    for path in readable:
        _allow_reading(ruleset, path)
    return ruleset


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = READ_FILE | READ_DIR if Path(path).is_dir() else READ_FILE
        rule = struct.pack("=Qi", rights, place)
        added = _libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, ctypes.c_uint(0))
        _check(int(added), f"Landlock rule for {path}")
    finally:
        os.close(place)


def enter_landlock(ruleset: int) -> None:
    _check(int(_libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, ctypes.c_uint(0))), "Landlock")


def lower_limits(*, threads: int) -> None:
    """What no box needs. Address space and CPU time follow when its job is known."""
    for name, amount in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 64),
        (resource.RLIMIT_STACK, 8 * 2**20),
    ):
        _lower(name, amount)
    if not threads:
        _lower(resource.RLIMIT_NPROC, 0)


def _lower(name: int, amount: int) -> None:
    _, hard = resource.getrlimit(name)
    most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(name, (most, most))


class Filter:
    """A seccomp program laid out in memory once, so that loading it is one system call."""

    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        # struct sock_fprog: the number of eight-byte instructions, and where they are.
        self._header = struct.pack("@HP", len(program) // 8, ctypes.addressof(self._code))

    def load(self) -> None:
        address = ctypes.create_string_buffer(self._header, len(self._header))
        result = _libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), address, ctypes.c_ulong(0))
        _check(int(result), "seccomp")


def close_all_but(first: int) -> None:
    """Close every descriptor from `first` on, whatever this process inherited."""
    if hasattr(_libc, "close_range") and _libc.close_range(ctypes.c_uint(first), ctypes.c_uint(0xFFFFFFFF), 0) == 0:
        return
    os.closerange(first, 65_536)
