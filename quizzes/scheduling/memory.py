"""What is remembered of one card, and the settings by which it is scheduled: plain values that travel as JSON."""

import datetime as dt
import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, Self

from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

ALGORITHM = "fsrs-6"
"""What fitted parameters belong to: those of another algorithm mean something else."""
SCHEDULER = f"{ALGORITHM}/{version('fsrs')} study-day/1"
"""Name and version of the algorithm; every review keeps it. The last number rises when we compute differently."""


class State(enum.StrEnum):
    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


class Rating(enum.IntEnum):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Memory:
    """The state of one card. `stability` in days, `difficulty` from 1 to 10, instants in UTC, `step` from 0 while the
    card is learned or relearned, `last_day` the study day of the last review, `due_day` the study day on which a
    learned card comes back (None in the steps, which are minutes), `reps` all ratings, `lapses` those that found a
    learned card forgotten.

    For a learned card the day counts, and `due` is when that day begins in the zone of the last review: who moves to
    another zone, or to another start of the day, meets the card on the same date.
    """

    due: dt.datetime
    state: State = State.NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    last_review: dt.datetime | None = None
    last_day: dt.date | None = None
    due_day: dt.date | None = None
    reps: int = 0
    lapses: int = 0

    @property
    def interval_days(self) -> int:
        """Study days from the last review to the day due; 0 for a card in its steps, whose interval is minutes."""
        return (self.due_day - self.last_day).days if self.due_day and self.last_day else 0

    def is_due(self, at: dt.datetime, today: dt.date) -> bool:
        """Whether it should be seen at `at` of study day `today`. A new card is never due: it may be met."""
        if self.state is State.NEW:
            return False
        return self.due_day <= today if self.due_day else self.due <= at

    def as_json(self) -> dict[str, Any]:
        return {
            "state": str(self.state),
            "step": self.step,
            "stability": self.stability,
            "difficulty": self.difficulty,
            "due": self.due.isoformat(),
            "last_review": self.last_review.isoformat() if self.last_review else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "due_day": self.due_day.isoformat() if self.due_day else None,
            "reps": self.reps,
            "lapses": self.lapses,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            state=State(data["state"]),
            step=data["step"],
            stability=data["stability"],
            difficulty=data["difficulty"],
            due=dt.datetime.fromisoformat(data["due"]),
            last_review=dt.datetime.fromisoformat(data["last_review"]) if data["last_review"] else None,
            last_day=dt.date.fromisoformat(data["last_day"]) if data["last_day"] else None,
            due_day=dt.date.fromisoformat(data["due_day"]) if data["due_day"] else None,
            reps=data["reps"],
            lapses=data["lapses"],
        )

    def agrees_with(self, other: "Memory") -> bool:
        """Equal, but for the last digits of the two floats: another machine may round them differently."""
        return (
            _close(self.stability, other.stability)
            and _close(self.difficulty, other.difficulty)
            and (self._exact == other._exact)
        )

    @property
    def _exact(self) -> tuple[Any, ...]:
        return self.state, self.step, self.due, self.last_review, self.last_day, self.due_day, self.reps, self.lapses


def _close(a: float | None, b: float | None) -> bool:
    return a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-9)


@dataclass(frozen=True)
class Settings:
    """How cards are scheduled. `parameters` None means FSRS-6's defaults; steps are minutes; `latest` is the last study
    day on which a card may fall due, such as the day before an interview (ignored once it has come).

    Raises ValueError with a sentence for every value that is out of range.
    """

    desired_retention: float = 0.9
    parameters: tuple[float, ...] | None = None
    learning_steps_minutes: tuple[float, ...] = (1, 10)
    relearning_steps_minutes: tuple[float, ...] = (10,)
    maximum_interval_days: int = 36_500
    fuzz: bool = True
    latest: dt.date | None = None

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise ValueError(" ".join(problems))

    def _problems(self) -> Any:
        if not 0.5 <= self.desired_retention <= 0.995:
            yield f"desired_retention is {self.desired_retention}; it lies between 0.5 and 0.995."
        if self.maximum_interval_days < 1:
            yield f"maximum_interval_days is {self.maximum_interval_days}; it is at least 1."
        for name in ("learning_steps_minutes", "relearning_steps_minutes"):
            steps: tuple[float, ...] = getattr(self, name)
            if not all(0 < step <= 30 * 24 * 60 for step in steps):
                yield f"{name} is {list(steps)}; a step lasts more than 0 minutes and at most 30 days."
        yield from _parameter_problems(self.parameters)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        return DEFAULT_PARAMETERS if self.parameters is None else self.parameters

    def as_json(self) -> dict[str, Any]:
        return {
            "desired_retention": self.desired_retention,
            "parameters": None if self.parameters is None else list(self.parameters),
            "learning_steps_minutes": list(self.learning_steps_minutes),
            "relearning_steps_minutes": list(self.relearning_steps_minutes),
            "maximum_interval_days": self.maximum_interval_days,
            "fuzz": self.fuzz,
            "latest": self.latest.isoformat() if self.latest else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            desired_retention=data["desired_retention"],
            parameters=None if data["parameters"] is None else tuple(data["parameters"]),
            learning_steps_minutes=tuple(data["learning_steps_minutes"]),
            relearning_steps_minutes=tuple(data["relearning_steps_minutes"]),
            maximum_interval_days=data["maximum_interval_days"],
            fuzz=data["fuzz"],
            latest=dt.date.fromisoformat(data["latest"]) if data["latest"] else None,
        )


def _parameter_problems(parameters: tuple[float, ...] | None) -> Any:
    if parameters is None:
        return
    if len(parameters) != len(DEFAULT_PARAMETERS):
        yield f"parameters holds {len(parameters)} numbers; FSRS-6 has {len(DEFAULT_PARAMETERS)}."
        return
    for index, (value, low, high) in enumerate(
        zip(parameters, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    ):
        if not low <= value <= high:
            yield f"parameters[{index}] is {value}; it lies between {low} and {high}."
