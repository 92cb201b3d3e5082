"""Random inputs that leave no place to hide: sizes that differ, nothing symmetric, nothing zero."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def sizes(rng: np.random.Generator, names: str, low: int = 2, high: int = 9) -> dict[str, int]:
    """A size for each letter of `names`, pairwise different, so that no axis can stand in for another."""
    chosen = rng.choice(np.arange(low, high + 1), size=len(names), replace=False)
    return {name: int(size) for name, size in zip(names, chosen, strict=True)}


def weights(rng: np.random.Generator, *shape: int, scale: float = 0.7) -> Array:
    """Normal numbers, independent for every gate, head and row; large enough for each of them to be felt."""
    drawn: Array = scale * rng.standard_normal(shape)
    return drawn


def biases(rng: np.random.Generator, *shape: int) -> Array:
    """Numbers between 0.3 and 1.2 with random signs: a bias that is left out always shows."""
    return _signed(rng, 0.3, 1.2, shape)


def states(rng: np.random.Generator, *shape: int) -> Array:
    """Inputs and states away from zero: 0.2 to 1.5 with random signs."""
    return _signed(rng, 0.2, 1.5, shape)


def extremes(rng: np.random.Generator, *shape: int, magnitude: float = 1e4) -> Array:
    """Numbers of about `magnitude` with random signs: where a careless exponential overflows."""
    return _signed(rng, 0.5 * magnitude, magnitude, shape)


def cast(value: Any, dtype: str) -> Any:
    """The same tuples, lists and dicts with every array of floats in `dtype`."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    if isinstance(value, tuple | list):
        return type(value)(cast(item, dtype) for item in value)
    if isinstance(value, dict):
        return {key: cast(item, dtype) for key, item in value.items()}
    return value


def _signed(rng: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> Array:
    drawn: Array = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return drawn
