"""One question put to the learner's function: the inputs, why they are asked, and how close the answer must be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """`why` is one line that the learner sees even when the case is hidden, so it must not give a value away."""

    id: str
    why: str
    visible: bool
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    rtol: float
    atol: float


def case(
    id: str,  # noqa: A002 - the word that authors write
    *,
    why: str,
    visible: bool = False,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    rtol: float = 1e-7,
    atol: float = 1e-9,
) -> Case:
    """A case that passes where |answer - truth| <= atol + rtol * |truth|. Raises ValueError if misused."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ValueError(f"the id {id!r} is not lower-case words with hyphens")
    if not why.strip() or "\n" in why:
        raise ValueError(f"case {id!r} needs `why`, one line")
    if not (0 <= rtol < 1 and atol >= 0):
        raise ValueError(f"case {id!r}: rtol must be in [0, 1), atol not negative")
    return Case(id, why.strip(), bool(visible), tuple(args), dict(kwargs or {}), float(rtol), float(atol))
