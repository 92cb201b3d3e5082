"""One question put to the learner's code: the inputs, why they are asked, and how the answer is judged."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .script import ENTRY, Script, holds_expression

Judge = Callable[..., str]


@dataclass(frozen=True)
class Case:
    """`why` is one line that the learner sees even when the case is hidden, so it must not give a value away.

    `call` names a function of the learner's file, the lab's entry where it is empty; `steps` are those of a script
    instead. `judge` is "module:function" of the author's box, which says what is wrong with an answer from the answer
    and `facts`; without one, the answer is compared with the truth. `changes` are the positions of arguments that the
    learner may change and that are then compared. `cost` is how many times the model answer's processor time an answer
    may take, 0 for any; `again` holds other arguments of the same sizes, to measure it more than once.
    """

    id: str
    why: str
    visible: bool
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    rtol: float = 1e-7
    atol: float = 1e-9
    call: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[int, ...] = ()
    strict: bool = False
    any_float: bool = False
    judge: str = ""
    facts: tuple[Any, ...] = ()
    cost: float = 0.0
    again: tuple[tuple[Any, ...], ...] = ()


def case(
    id: str,  # noqa: A002 - the word that authors write
    *,
    why: str,
    visible: bool = False,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    rtol: float = 1e-7,
    atol: float = 1e-9,
    call: str = "",
    script: Script | None = None,
    raises: bool = False,
    changes: Sequence[int] = (),
    strict: bool = False,
    any_float: bool = False,
    judge: Judge | None = None,
    facts: Sequence[Any] | None = None,
    cost: float = 0.0,
    again: Sequence[Sequence[Any]] = (),
) -> Case:
    """A case that passes where |answer - truth| <= atol + rtol * |truth|. Raises ValueError if misused.

    `raises`: the call must raise what the truth raises. `strict`: tuples are not lists, NumPy scalars not floats.
    `any_float`: an answer in float32 is accepted for a float64 truth, at 1e-4. `facts` are the arguments by default.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ValueError(f"the id {id!r} is not lower-case words with hyphens")
    if not why.strip() or "\n" in why:
        raise ValueError(f"case {id!r} needs `why`, one line")
    if not (0 <= rtol < 1 and atol >= 0):
        raise ValueError(f"case {id!r}: rtol must be in [0, 1), atol not negative")
    if script is not None and (args or kwargs or call or raises or changes or cost):
        raise ValueError(f"case {id!r}: a script says what is called, with what, and what may change")
    if cost and (cost <= 1 or judge is not None or len(again) < 2):
        raise ValueError(
            f"case {id!r}: cost is a number above 1, of a compared answer, with `again` for two more tries"
        )
    kwargs = dict(kwargs or {})
    if judge is not None and facts is None:
        if script is not None or holds_expression(tuple(args)):
            raise ValueError(f"case {id!r}: say in `facts` what the judge needs beside the answer")
        facts = args
    if script is None and (raises or holds_expression((tuple(args), kwargs))):
        if changes or cost:
            raise ValueError(f"case {id!r}: write a Script to see what changes; cost needs plain arguments")
        script = Script()
        (script.raises if raises else script.call)(call or ENTRY, *args, **kwargs)
        args, kwargs = (), {}
    return Case(
        id,
        why.strip(),
        bool(visible),
        tuple(args),
        kwargs,
        float(rtol),
        float(atol),
        call=call,
        steps=tuple(script.steps) if script is not None else (),
        changes=tuple(changes),
        strict=strict,
        any_float=any_float,
        judge=_place(id, judge) if judge is not None else "",
        facts=tuple(facts or ()),
        cost=float(cost),
        again=tuple(map(tuple, again)),
    )


def _place(id: str, judge: Judge) -> str:  # noqa: A002
    if "<" in judge.__qualname__:
        raise ValueError(f"case {id!r}: a judge is a function of a module, so that it can be called by its name")
    return f"{judge.__module__}:{judge.__qualname__}"
