"""Is this answer the expected one, and if not, how do they differ? Pure, and prepared for hostile answers.

What is compared never touches the learner's process: both sides are plain values. Tuples equal lists, and a Python
number equals a NumPy scalar or an array without axes, since neither is the point of any lab. Shapes, dtypes of arrays
and non-finite numbers are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from codelabs.comparing.difference import Difference, Kind
from codelabs.comparing.words import NUMBERS, RETURNED, counted, named, opening, part, short, whose
from codelabs.sandbox import Tensor

Array = npt.NDArray[Any]

PICTURE_SIDE = 24  # cells; larger error maps are shrunk to this many rows and columns
_FLOATS = {"float64", "float32", "float16", "bfloat16"}
_FINE = {"float64", "float32"}


@dataclass(frozen=True)
class Closeness:
    """Right is |actual - expected| <= atol + rtol * |expected|.

    `strict` tells tuples from lists and NumPy's scalars from Python's numbers. `any_float` accepts another type of
    float, at the tolerance of the coarser of the two; of those coarser than float32 only the expected one itself, or a
    wrong answer could hide in their rounding.
    """

    rtol: float
    atol: float
    strict: bool = False
    any_float: bool = False

    def for_floats(self, *names: str) -> "Closeness":
        """The same for answers of these types of float."""
        rtol, atol = max((_COARSE.get(name, (0.0, 0.0)) for name in names), default=(0.0, 0.0))
        return replace(self, rtol=max(self.rtol, rtol), atol=max(self.atol, atol))


_COARSE = {"float32": (1e-4, 1e-5), "float16": (1e-2, 1e-3), "bfloat16": (5e-2, 5e-3)}


def compare(expected: Any, actual: Any, *, rtol: float, atol: float) -> Difference | None:
    """None if `actual` is the expected answer within |actual - expected| <= atol + rtol * |expected|."""
    return closely(expected, actual, Closeness(rtol, atol))


def closely(expected: Any, actual: Any, by: Closeness, where: str = RETURNED) -> Difference | None:
    """None if `actual` is as close to the expected answer as `by` says; `where` says in words what is compared."""
    return _compare(expected, actual, where, by)


def _compare(expected: Any, actual: Any, where: str, by: Closeness) -> Difference | None:
    if isinstance(expected, Tensor):
        return _tensors(expected, actual, where, by)
    if isinstance(expected, np.ndarray) and expected.ndim:
        if not isinstance(actual, np.ndarray):
            return _built(where, expected, actual)
        return _arrays(expected, actual, where, by)
    if isinstance(expected, (*NUMBERS, np.ndarray)):
        return _numbers(expected, actual, where, by)
    if isinstance(expected, tuple | list):
        return _sequences(expected, actual, where, by)
    if isinstance(expected, dict):
        return _dicts(expected, actual, where, by)
    if type(expected) is not type(actual):
        return _built(where, expected, actual)
    if expected == actual:
        return None
    return Difference(Kind.VALUES, f"{opening(where)} is {short(actual)}; expected {short(expected)}.")


def _tensors(expected: Tensor, actual: Any, where: str, by: Closeness) -> Difference | None:
    if not isinstance(actual, Tensor):
        return _built(where, expected, actual)
    if actual.array.shape == expected.array.shape and actual.dtype != expected.dtype:
        if not (by.any_float and expected.dtype in _FLOATS and actual.dtype in _FINE):
            return _dtype(where, str(expected.dtype), str(actual.dtype))
        by = by.for_floats(expected.dtype, actual.dtype)
    return _arrays(expected.array, actual.array, where, by)


def _sequences(expected: Sequence[Any], actual: Any, where: str, by: Closeness) -> Difference | None:
    if not isinstance(actual, tuple | list) or (by.strict and type(actual) is not type(expected)):
        return _built(where, expected, actual)
    if len(actual) != len(expected):
        return Difference(
            Kind.STRUCTURE, f"{opening(where)} has {counted(len(actual), 'part')}; expected {len(expected)}."
        )
    for position, (want, got) in enumerate(zip(expected, actual, strict=True)):
        found = _compare(want, got, part(where, position, len(expected)), by)
        if found is not None:
            return found
    return None


def _dicts(expected: dict[Any, Any], actual: Any, where: str, by: Closeness) -> Difference | None:
    if not isinstance(actual, dict):
        return _built(where, expected, actual)
    if missing := expected.keys() - actual.keys():
        return Difference(Kind.STRUCTURE, f"{opening(where)} lacks the key {sorted(map(repr, missing))[0][:60]}.")
    if extra := actual.keys() - expected.keys():
        return Difference(Kind.STRUCTURE, f"{opening(where)} has a key too many: {sorted(map(repr, extra))[0][:60]}.")
    for key, want in expected.items():
        found = _compare(want, actual[key], f"the value at {key!r}", by)
        if found is not None:
            return found
    return None


def _numbers(expected: Any, actual: Any, where: str, by: Closeness) -> Difference | None:
    without_axes = isinstance(actual, np.ndarray) and actual.ndim == 0 and actual.dtype.kind in "biufc"
    if not (isinstance(actual, NUMBERS) or without_axes):
        return _built(where, expected, actual)
    if by.strict and isinstance(actual, np.generic | np.ndarray) is not isinstance(expected, np.generic | np.ndarray):
        return Difference(Kind.STRUCTURE, f"{opening(where)} is {whose(actual)}; expected {whose(expected)}.")
    want, got = np.asarray(expected), np.asarray(actual)
    if (want.dtype.kind == "b") != (got.dtype.kind == "b") or (got.dtype.kind == "c" and want.dtype.kind != "c"):
        return _built(where, expected, actual)
    if want.dtype.kind == "O" or got.dtype.kind == "O":  # integers beyond 64 bits
        equal = isinstance(expected, int) and isinstance(actual, int) and expected == actual
        return None if equal else _unequal(where, expected, actual)
    found = _values(want.reshape(1), got.reshape(1), where, by)
    if found is None or found.kind is not Kind.VALUES:
        return found
    return _unequal(where, expected, actual, found.largest_error)


def _unequal(where: str, expected: Any, actual: Any, error: float | None = None) -> Difference:
    said = f"{opening(where)} is {short(actual)}; expected {short(expected)}."
    return Difference(Kind.VALUES, said, count=1, size=1, largest_error=error)


def _arrays(expected: Array, actual: Array, where: str, by: Closeness) -> Difference | None:
    if actual.shape != expected.shape:
        said = f"{opening(where)} has shape {actual.shape}; expected {expected.shape}."
        return Difference(Kind.SHAPE, said)
    whole = "iu"  # which width of integer is used is nobody's mistake
    if actual.dtype != expected.dtype and not (actual.dtype.kind in whole and expected.dtype.kind in whole):
        if not (by.any_float and expected.dtype.kind == "f" and str(actual.dtype) in _FINE):
            return _dtype(where, str(expected.dtype), str(actual.dtype))
        by = by.for_floats(str(expected.dtype), str(actual.dtype))
    if expected.dtype.kind not in "biufc":
        equal = bool(np.array_equal(expected, actual))
        return None if equal else Difference(Kind.VALUES, f"{opening(where)} does not hold the expected values.")
    return _values(expected, actual, where, by)


def _values(expected: Array, actual: Array, where: str, by: Closeness) -> Difference | None:
    """Compare two arrays of one shape, element by element."""
    exact = expected.dtype.kind in "biu" and actual.dtype.kind in "biu"
    with np.errstate(all="ignore"):
        wide = np.complex128 if "c" in (expected.dtype.kind, actual.dtype.kind) else np.float64
        want, got = np.asarray(expected, wide), np.asarray(actual, wide)
        error = np.abs(got - want)
        if exact:
            right = expected == actual
        else:
            allowed = by.atol + by.rtol * np.abs(want)
            near = error <= allowed
            if np.count_nonzero(near) == np.count_nonzero(np.isfinite(allowed)) == want.size:
                return None  # all finite: the usual case, and the quick one
            alike = (got == want) | (np.isnan(got) & np.isnan(want))
            right = np.where(np.isfinite(got) & np.isfinite(want), near, alike)
    if right.all():
        return None
    wrong = ~right
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    count, size = int(wrong.sum()), int(wrong.size)
    finite = error[wrong & np.isfinite(error)]
    largest = float(finite.max()) if finite.size else None
    kind = _kind(want, got, wrong)
    return Difference(kind, _said(kind, where, expected, actual, index, count, largest), index, count, size, largest,
                      _picture(error, wrong))  # fmt: skip


def _kind(want: Array, got: Array, wrong: Array) -> Kind:
    if (np.isnan(got) & ~np.isnan(want) & wrong).any():
        return Kind.NAN
    if (np.isinf(got) & ~np.isinf(want) & wrong).any():
        return Kind.INFINITE
    return Kind.VALUES


def _said(
    kind: Kind, where: str, want: Array, got: Array, index: tuple[int, ...], count: int, largest: float | None
) -> str:
    what = {Kind.NAN: "NaN", Kind.INFINITE: "infinity"}.get(kind)
    holds = f" It holds {what} where a number is expected." if what else ""
    at = f" at {list(index)}" if want.ndim > 1 or want.size > 1 else ""
    error = f" The largest error is {largest:.3g}." if largest is not None else ""
    differ = "differs" if count == 1 else "differ"
    return (
        f"In {where}, {count} of {want.size} values {differ}, the first{at}: {short(got[index])}, "
        f"expected {short(want[index])}.{holds}{error}"
    )


def _picture(error: Array, wrong: Array) -> tuple[tuple[float, ...], ...]:
    """The error map as rows: the last axis runs right, all others run down, shrunk by blocks' largest errors."""
    with np.errstate(all="ignore"):
        finite = np.where(wrong & np.isfinite(error), error, 0.0)
        largest = float(finite.max())
        scaled = finite / largest if largest > 0 else finite
    scaled = np.where(wrong & ~np.isfinite(error), 1.0, scaled)
    plane = scaled.reshape(-1, scaled.shape[-1]) if scaled.ndim > 1 else scaled.reshape(1, -1)
    for axis in (0, 1):
        step = math.ceil(plane.shape[axis] / PICTURE_SIDE)
        plane = np.maximum.reduceat(plane, np.arange(0, plane.shape[axis], step), axis=axis)
    return tuple(tuple(_share(float(value)) for value in row) for row in plane)


def _share(error: float) -> float:
    """To three decimals, of which an error beside a far larger one keeps the last: 0 says that it is right."""
    return max(round(error, 3), 0.001) if error > 0 else 0.0


def _dtype(where: str, expected: str, actual: str) -> Difference:
    return Difference(Kind.DTYPE, f"{opening(where)} has dtype {actual}; expected {expected}.")


def _built(where: str, expected: Any, actual: Any) -> Difference:
    return Difference(Kind.STRUCTURE, f"{opening(where)} is {named(actual)}; expected {named(expected)}.")
