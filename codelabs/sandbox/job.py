"""What goes into a box and what comes out of it, as plain values."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from codelabs.sandbox.outcome import Outcome


@dataclass(frozen=True)
class Limits:
    """What one box may use. CPU and wall seconds, output and answer count per call; memory counts for the whole box.

    `memory_mb` is what the process may have above the zygote that it was forked from. `threads` is how many threads it
    may start beside its first one.
    """

    cpu_seconds: float = 5
    wall_seconds: float = 10
    memory_mb: int = 512
    output_bytes: int = 65_536
    answer_bytes: int = 33_554_432
    answer_arrays: int = 2_000
    answer_depth: int = 32
    threads: int = 0


# Those that a child is told, so that it can say itself what went beyond them, and be asked again.
TOLD = ("cpu_seconds", "answer_bytes", "answer_arrays", "answer_depth", "threads")


@dataclass(frozen=True)
class Ref:
    """Stands in a call's arguments for an object that an earlier call kept in the box under this name."""

    name: str


@dataclass(frozen=True, eq=False)
class Tensor:
    """A torch tensor on this side of the wall, where torch is never imported.

    `array` holds the values (bfloat16 widened to float32, which loses nothing); `dtype` is torch's name for the type.
    """

    array: npt.NDArray[Any]
    dtype: str
    requires_grad: bool = False


@dataclass(frozen=True)
class Raised:
    """An exception in the box. `frames` are (file, line, function) of the loaded modules only, outermost first."""

    type: str
    message: str
    frames: tuple[tuple[str, int, str], ...] = ()
    text: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """What one load or call gave. The seconds are of this call, measured outside; `memory_mb` is the box's peak."""

    outcome: Outcome
    value: Any = None
    arguments: tuple[Any, ...] | None = None
    keywords: dict[str, Any] | None = None
    stdout: str = ""
    error: Raised | None = None
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    memory_mb: float = 0.0
