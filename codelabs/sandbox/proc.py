"""What the kernel says of processes, which is what can be believed of them."""

import re
import resource
from pathlib import Path


def pid_of(pidfd: int) -> int:
    """The process id, in this process's own namespace, that a pidfd from inside a box stands for.

    Raises BrokenPipeError when there is no such process any more.
    """
    told = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii")
    found = re.search(r"^Pid:\s*(\d+)$", told, re.MULTILINE)
    if found is None:  # -1 once the process has ended and has been buried
        raise BrokenPipeError("the process has ended")
    return int(found[1])


def cpu_clock(pid: int) -> int:
    """The kernel's name for the CPU clock of another process, as `time.clock_gettime` takes it."""
    return (~pid << 3) | 2


def pages(pid: int) -> tuple[int, int, int]:
    """Pages of address space, resident pages, and those of them shared with files. Raises BrokenPipeError."""
    try:
        size, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_bytes().split()
    except OSError as problem:
        raise BrokenPipeError("the process is gone") from problem
    return int(size), int(resident), int(shared)


def private_mb(pid: int) -> float:
    """Memory that a process holds and shares with no file. Raises BrokenPipeError."""
    _, resident, shared = pages(pid)
    return (resident - shared) * resource.getpagesize() / 2**20


def figure(pid: int, name: bytes) -> int:
    """A number from the kernel's page about a process; 0 when there is none."""
    try:
        told = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    found = re.search(rb"^%s:\s*(\d+)" % name, told, re.MULTILINE)
    return int(found[1]) if found else 0


def capabilities() -> int:
    """The capabilities that this process can use, as the kernel's bits."""
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return int(found[1], 16) if found else 0
