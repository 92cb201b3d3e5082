"""A sitting: what one grading needs that does not depend on the learner's code, drawn once and used once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codelabs import reference
from codelabs.content import LabData
from codelabs.examining import packed, seat
from codelabs.paper import Behaviour, Paper, behaviours, set_paper
from codelabs.sandbox import Answer, Box, Call, Tensor


@dataclass
class Sitting:
    """A paper, what known mistakes answer to it, and a box made ready for the learner's code, which knows neither.

    `calls` are the paper's questions, packed as the box will be asked them."""

    paper: Paper
    known: Mapping[str, tuple[Behaviour, ...]] | None = None
    box: Box | None = None
    calls: Mapping[str, Call | Answer] = field(default_factory=dict)
    size: int = 0

    def close(self) -> None:
        if self.box is not None:
            self.box.close()


def prepare(lab: LabData, seed: int) -> Sitting:
    """All of it from `seed`. Raises LabFault, and Unavailable without a box."""
    paper = set_paper(lab, seed)
    known = behaviours(lab, paper)
    for part in (paper, paper.visible):
        reference.memory_mb(lab, part)  # measured once, and better now than while somebody waits
    calls = {question.id: packed(question) for question in paper.questions}
    frames = sum(len(one.frame) for one in calls.values() if isinstance(one, Call))
    size = _size(paper.questions) + _size(known) + frames
    return Sitting(paper, known, seat(lab, scripted=paper.scripted), calls, size)


def _size(value: Any) -> int:
    """Bytes of the arrays within a value, and a little for everything else."""
    return sum(_sizes(value))


def _sizes(value: Any) -> Iterator[int]:
    if isinstance(value, Tensor):
        yield value.array.nbytes
    elif isinstance(value, np.ndarray):
        yield value.nbytes
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _sizes(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _sizes(item)
    elif hasattr(value, "__dict__"):
        yield from _sizes(vars(value))
    yield 100
