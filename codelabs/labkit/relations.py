"""Relations that a right answer keeps whatever the numbers are. Each gives cases; the truth answers them as any other.

A relation is asked as a pair: the same question once plainly and once changed in a way that must not matter, or must
matter in one way only. `agree` and its kin judge what a script saw where there is no truth to compare with.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .cases import Case, case

Arguments = tuple[Any, ...]


def one_by_one(args: Arguments, batched: Sequence[int], *, name: str = "alone", **more: Any) -> Iterator[Case]:
    """A batch and then each of its first two examples on its own: neighbours must not matter.

    `batched` are the positions of the arguments whose first axis is the batch.
    """
    yield case(f"{name}-batch", why="A batch, whose examples come again one by one.", args=args, **more)
    for number in range(min(2, len(args[batched[0]]))):
        single = [item[number : number + 1] if place in batched else item for place, item in enumerate(args)]
        yield case(f"{name}-{number + 1}", why="Alone, an example gives what it gives in a batch.", args=single, **more)


def padding(args: Arguments, place: int, lengths: Any, *, name: str = "padding", **more: Any) -> Iterator[Case]:
    """What padded steps hold must not matter: zeros, large numbers, NaN. The axes of `args[place]` begin B, T."""
    x = np.asarray(args[place])
    beyond = np.arange(x.shape[1]) >= np.asarray(lengths)[:, None]
    fillings = (("zeros", 0.0, "zeros"), ("large", 1e4, "large numbers"), ("nan", np.nan, "NaN"))
    for kind, filling, words in fillings:
        filled = x.copy()
        filled[beyond] = filling
        changed = (*args[:place], filled, *args[place + 1 :])
        yield case(f"{name}-{kind}", why=f"Padded steps hold {words}; nothing of it may show.", args=changed, **more)


def causal(
    args: Arguments, places: Sequence[int], axis: int, *, name: str = "future", size: float = 50.0, **more: Any
) -> Iterator[Case]:
    """The past must not see the future: the second half of the time axis of these arguments is changed."""
    changed = list(args)
    for place in places:
        x = np.moveaxis(np.array(args[place]), axis, 0)
        x[len(x) // 2 :] += size
        changed[place] = np.ascontiguousarray(np.moveaxis(x, 0, axis))
    yield case(f"{name}-as-it-is", why="A sequence whose later half is changed next.", args=args, **more)
    yield case(f"{name}-changed", why="Another future gives the same answers before it.", args=changed, **more)


def permuted(
    args: Arguments, batched: Sequence[int], rng: np.random.Generator, *, name: str = "order", **more: Any
) -> Iterator[Case]:
    """The same examples in another order give the same answers in that order."""
    order = rng.permutation(len(args[batched[0]]))
    moved = [item[order] if place in batched else item for place, item in enumerate(args)]
    yield case(f"{name}-as-it-is", why="A batch that comes again in another order.", args=args, **more)
    yield case(f"{name}-changed", why="Another order of the batch only reorders the answers.", args=moved, **more)


def moved(
    args: Arguments, place: int, change: Callable[[Any], Any], *, name: str, why: str, **more: Any
) -> Iterator[Case]:
    """The same question with one argument changed: `name="shifted", change=lambda x: x + 100`, or scaled."""
    yield case(f"{name}-before", why="The same numbers come again, changed.", args=args, **more)
    changed = (*args[:place], change(args[place]), *args[place + 1 :])
    yield case(f"{name}-after", why=why, args=changed, **more)


def agree(seen: Any, rtol: float = 1e-7, atol: float = 1e-9) -> str:
    """A judge of scripts: all compared steps gave the same, such as a whole pass and its chunks put together."""
    first, *rest = seen
    return (
        "" if all(_close(first, other, rtol, atol) for other in rest) else "The two ways do not give the same answer."
    )


def _close(left: Any, right: Any, rtol: float, atol: float) -> bool:
    if isinstance(left, tuple | list) and isinstance(right, tuple | list):
        return len(left) == len(right) and all(_close(a, b, rtol, atol) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_close(value, right[key], rtol, atol) for key, value in left.items())
    if isinstance(left, str) or left is None:
        return bool(left == right)
    return np.shape(left) == np.shape(right) and bool(np.allclose(left, right, rtol=rtol, atol=atol, equal_nan=True))
