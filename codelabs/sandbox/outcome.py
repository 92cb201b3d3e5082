"""How a process ended. What that means to a learner is a verdict, and is decided elsewhere."""

import enum


class Outcome(enum.StrEnum):
    OK = "ok"
    RAISED = "raised"
    EXITED = "exited"
    CPU_TIME = "cpu_time"
    WALL_TIME = "wall_time"
    MEMORY = "memory"
    OUTPUT = "output"
    ANSWER_BYTES = "answer_bytes"
    ANSWER_ARRAYS = "answer_arrays"
    ANSWER_DEPTH = "answer_depth"
    THREADS = "threads"
    """It started threads, or more of them than its limits grant."""
    FORBIDDEN = "forbidden"
    """Killed by a wall."""
    CRASHED = "crashed"
    """Ended by a signal of its own making, such as a segmentation fault."""
    MALFORMED = "malformed"
    """The answer could not be sent, or could not be parsed."""
    BROKEN = "broken"
    """Our fault: the zygote died or a pipe broke on our side. Worth another try."""


class Unavailable(Exception):  # noqa: N818 -- a state of the host that callers handle, not an error of theirs
    """Nothing can run on this host or in this runtime; the message is a plain sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
