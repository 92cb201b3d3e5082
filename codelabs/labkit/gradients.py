"""Gradients that need no autograd: central differences, in full or along one random direction."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def central(f: Callable[..., Any], args: Sequence[Any], place: int, weight: Any = 1.0, step: float = 1e-5) -> Array:
    """d sum(weight * f(*args)) / d args[place], element by element, for float64; the error is of order step squared.

    `weight` has the shape of what `f` returns: it is the gradient that comes from above.
    """
    given = np.array(args[place], dtype=np.float64)
    gradient = np.zeros_like(given)

    def value(moved: Array) -> float:
        return float(np.sum(weight * np.asarray(f(*args[:place], moved, *args[place + 1 :]))))

    for index in np.ndindex(given.shape):
        up, down = given.copy(), given.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (value(up) - value(down)) / (2 * step)
    return gradient


def along(
    f: Callable[..., Any],
    args: Sequence[Any],
    gradients: dict[int, Any],
    rng: np.random.Generator,
    weight: Any = 1.0,
    step: float = 1e-5,
) -> float:
    """How far the gradients are from the central difference along one random direction, relative to the larger of both.

    `gradients` maps the place of an argument to the claimed gradient. Two evaluations of `f` whatever the sizes; a
    wrong gradient agrees by chance with probability zero. Right ones give about 1e-8 in float64.
    """
    directions = {place: rng.standard_normal(np.shape(args[place])) for place in gradients}

    def value(sign: float) -> float:
        moved = [
            item + sign * step * directions[place] if place in directions else item for place, item in enumerate(args)
        ]
        return float(np.sum(weight * np.asarray(f(*moved))))

    measured = (value(1.0) - value(-1.0)) / (2 * step)
    claimed = sum(float(np.sum(directions[place] * np.asarray(claim))) for place, claim in gradients.items())
    return abs(measured - claimed) / max(abs(measured), abs(claimed), 1.0)
