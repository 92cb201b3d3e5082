"""Whether a value is still what it was, bit for bit, as arguments have to be after a call. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from codelabs.comparing.difference import Difference, Kind
from codelabs.sandbox import Tensor

_SMALL_BYTES = 1 << 20


def changed(before: Sequence[Any], after: Sequence[Any], names: Sequence[str]) -> Difference | None:
    """The first argument that is not what it was before the call, bit for bit."""
    for position, (old, new) in enumerate(zip(before, after, strict=False)):
        if not same(old, new):
            name = f"`{names[position]}`" if position < len(names) else f"number {position + 1}"
            return Difference(
                Kind.ARGUMENT,
                f"Your function changed its argument {name}. The caller still needs it; make a new one.",
            )
    return None


def same(left: Any, right: Any) -> bool:
    """Equal in structure, dtype and every value; NaN equals NaN."""
    if left is right:
        return True
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        both = isinstance(left, Tensor) and isinstance(right, Tensor)
        return both and left.dtype == right.dtype and same(left.array, right.array)
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        both = isinstance(left, np.ndarray) and isinstance(right, np.ndarray)
        if not both or left.shape != right.shape or left.dtype != right.dtype:
            return False
        # Almost always nothing was changed, and bytes are compared many times faster than numbers.
        if left.nbytes <= _SMALL_BYTES and left.tobytes() == right.tobytes():
            return True
        return bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fc"))
    if isinstance(left, tuple | list) and isinstance(right, tuple | list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return type(left) is type(right) and (left == right or (left != left and right != right))
