"""What may differ between an answer and the expected one, and what may be said about it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    STRUCTURE = "structure"
    SHAPE = "shape"
    DTYPE = "dtype"
    NAN = "nan"
    INFINITE = "infinite"
    VALUES = "values"
    ARGUMENT = "argument"  # an input was changed
    RAISED = "raised"  # nothing was raised, or something else, where an exception of one type is right
    RULE = "rule"  # the answer breaks a rule of the task
    COST = "cost"  # it is right, and takes far more processor time than the model answer


# What may be said about a hidden case: the kind, and never a value.
_HINTS = {
    Kind.STRUCTURE: "What came back is not built like the expected answer.",
    Kind.SHAPE: "The shape of the answer is not the expected one.",
    Kind.DTYPE: "The dtype of the answer is not the expected one.",
    Kind.NAN: "The answer holds NaN where a number is expected.",
    Kind.INFINITE: "The answer holds infinity where a finite number is expected.",
    Kind.VALUES: "The values are not the expected ones.",
    Kind.ARGUMENT: "An argument was changed; the caller's arrays must stay as they were.",
    Kind.RAISED: "The call must raise an exception of the type that the task names.",
}


@dataclass(frozen=True)
class Difference:
    """The first thing that differs. `sentence` may hold values; `hint` never does.

    `index` is the first differing element, `count` of `size` elements differ, `largest_error` is absolute and finite.
    `at` says in words which step of a script it was, and is empty otherwise. `picture` is the error map, rows of
    numbers from 0 (right) to 1 (the largest error, or not finite).
    """

    kind: Kind
    sentence: str
    index: tuple[int, ...] | None = None
    count: int | None = None
    size: int | None = None
    largest_error: float | None = None
    picture: tuple[tuple[float, ...], ...] | None = None
    at: str = ""

    @property
    def hint(self) -> str:
        """For a rule or for cost it is the sentence, which authors and the grader write without values."""
        return f"{self.at}{_HINTS[self.kind]}" if self.kind in _HINTS else self.sentence
