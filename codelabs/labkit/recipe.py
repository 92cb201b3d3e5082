"""The standard set of cases: what every lab on arrays asks before its own special cases."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .cases import Case, case
from .draw import cast, extremes, sizes

Build = Callable[..., tuple[Any, ...]]


def standard(
    rng: np.random.Generator,
    axes: str,
    build: Build,
    *,
    batch: str = "B",
    time: str = "T",
    extreme: Sequence[int] = (0,),
    distinct: int = 3,
) -> Iterator[Case]:
    """Visible: one small case. Hidden: sizes that differ, one example, one step, equal sizes, float32, extreme values.

    `axes` are the letters of the sizes; `build(rng, B=…, D=…)` draws the arguments for them. `extreme` holds the
    positions of the arguments that take values of about 1e4; if it is empty there is no such case, for a lab that
    draws its own. `distinct` is the number of hidden cases of random sizes.
    """
    small = {name: size for size, name in enumerate(axes, 2)}
    yield case("small", why="Small sizes, all different, to compare by hand.", visible=True, args=build(rng, **small))
    for number in range(1, distinct + 1):
        args = build(rng, **sizes(rng, axes))
        yield case(f"sizes-{number}", why="Every axis has a size of its own.", args=args)
    if batch in axes:
        args = build(rng, **sizes(rng, axes) | {batch: 1})
        yield case("one-example", why="A batch of one keeps its batch axis.", args=args)
    if time in axes:
        args = build(rng, **sizes(rng, axes) | {time: 1})
        yield case("single-step", why="A sequence of one step keeps its time axis.", args=args)
    args = build(rng, **dict.fromkeys(axes, 4))
    yield case("equal-sizes", why="All axes have one size, so only the values can tell the axes apart.", args=args)
    args = build(rng, **{name: 10 + 3 * place for place, name in enumerate(axes)})
    yield case("larger", why="Sizes beyond ten.", args=args)
    args = cast(build(rng, **sizes(rng, axes)), "float32")
    yield case("float32", why="float32 in, float32 out.", args=args, rtol=1e-4, atol=1e-5)
    if not extreme:
        return
    drawn = list(build(rng, **sizes(rng, axes)))
    for position in extreme:
        drawn[position] = extremes(rng, *drawn[position].shape)
    yield case("extreme-values", why="Values of about ten thousand must not overflow into NaN.", args=drawn)


def cost(
    rng: np.random.Generator,
    build: Build,
    small: dict[str, int],
    large: dict[str, int],
    *,
    times: float = 20.0,
    tries: int = 3,
    **more: Any,
) -> Iterator[Case]:
    """Two sizes at which an answer may take at most `times` the model answer's processor time, measured side by side.

    Large enough that the model answer takes some milliseconds at `large`, and that a slow answer still ends within the
    lab's limits. Each try gets other numbers of the same sizes.
    """
    for name, size in (("small", small), ("large", large)):
        args, *again = (build(rng, **size) for _ in range(tries))
        why = f"At {'a size that shows the cost' if name == 'large' else 'a moderate size'}, time counts as well."
        yield case(f"cost-{name}", why=why, args=args, again=again, cost=times, **more)
