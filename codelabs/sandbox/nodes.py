"""Values as nodes of a skeleton, and back: a scalar is itself, and everything else is a list that starts with its tag.

["l", …] list            ["a", i, dtype] array i          ["s", dtype, x] NumPy scalar     ["b", base64] bytes
["t", …] tuple           ["T", i, dtype, grad] tensor     ["c", re, im] complex            ["r", name] Ref
["d", [k, v], …] dict
"""

import base64
import binascii
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from codelabs.sandbox import wire
from codelabs.sandbox.job import Limits, Ref, Tensor
from codelabs.sandbox.outcome import Outcome
from codelabs.sandbox.wire import CODES, DTYPES, NAMES, PAIRS, TORCH_TYPES, MalformedError, UnsendableError, speakable

# For what the parent sends: it is the parent's own.
UNLIMITED = Limits(answer_bytes=1 << 40, answer_arrays=1 << 30, answer_depth=64)
# In place of an answer's arguments: they are as they were sent.
UNCHANGED = True
_SCALARS: frozenset[type] = frozenset((type(None), bool, int, float))
# Whole numbers as keys stay below Python's modulus of hashing: beyond it any number of them can be made to collide, and
# putting n of those into a dictionary takes n² steps.
_KEYS = sys.hash_info.modulus


class Packer:
    """Turns values into skeleton nodes and collects the arrays, within `limits`. `torch` is the module if there is one.

    `kept` names objects (by id) that stay in the box: they travel as Ref.
    """

    def __init__(self, limits: Limits = UNLIMITED, torch: Any = None, kept: Mapping[int, str] | None = None) -> None:
        self.limits = limits
        self.torch = torch
        self.kept = kept or {}
        self.arrays: list[wire.Packed] = []
        self._room = limits.answer_bytes

    def node(self, value: Any, depth: int = 0) -> Any:
        """The skeleton of a value. Raises UnsendableError."""
        kind = type(value)
        if kind in _SCALARS or kind is str:
            return value
        if depth > self.limits.answer_depth:
            why = f"a value nested more than {self.limits.answer_depth} levels deep"
            raise UnsendableError(why, Outcome.ANSWER_DEPTH)
        if self.kept and id(value) in self.kept:
            return ["r", self.kept[id(value)]]
        if kind is np.ndarray or isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return _scalar(value)
        if isinstance(value, list):
            return ["l", *[self.node(item, depth + 1) for item in value]]
        if isinstance(value, tuple):
            return ["t", *[self.node(item, depth + 1) for item in value]]
        if isinstance(value, dict):
            return ["d", *[[self._key(key), self.node(item, depth + 1)] for key, item in value.items()]]
        return self._rarer(value)

    def _rarer(self, value: Any) -> Any:
        if self.torch is not None and isinstance(value, self.torch.Tensor):
            return self._tensor(value)
        if isinstance(value, Tensor):
            return ["T", self._store(value.array), value.dtype, bool(value.requires_grad)]
        if isinstance(value, Ref):
            return ["r", value.name]
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, bytes | bytearray):
            return ["b", base64.b64encode(value).decode("ascii")]
        for plain in (str, bool, int, float):
            if isinstance(value, plain):
                return plain(value)
        raise UnsendableError(f"a value of type {type(value).__name__}")

    def _key(self, key: Any) -> Any:
        if isinstance(key, int) and not -_KEYS < key < _KEYS:
            raise UnsendableError("a dict key larger than a hash")
        if type(key) in _SCALARS or type(key) is str:
            return key
        if isinstance(key, np.generic):
            return self._key(key.item())
        if isinstance(key, str):
            return str(key)
        raise UnsendableError(f"a dict key of type {type(key).__name__}")

    def _array(self, value: npt.NDArray[Any]) -> Any:
        dtype = value.dtype
        name = NAMES.get(dtype) or NAMES.get(dtype.newbyteorder("="))
        if name is None:
            raise UnsendableError(f"an array of dtype {dtype}")
        return ["a", self._store(value), name]

    def _store(self, value: npt.NDArray[Any]) -> int:
        if len(self.arrays) >= self.limits.answer_arrays:
            raise UnsendableError(f"more than {self.limits.answer_arrays} arrays", Outcome.ANSWER_ARRAYS)
        self._room -= np.ndarray.nbytes.__get__(value)
        if self._room < 0:
            raise UnsendableError(f"arrays of more than {self.limits.answer_bytes} bytes", Outcome.ANSWER_BYTES)
        # Past any subclass, whose methods are its author's.
        dtype = value.dtype.newbyteorder("=")
        plain = value if type(value) is np.ndarray and value.dtype == dtype else np.array(value, dtype, subok=False)
        shape = (*plain.shape, 2) if dtype.kind == "c" else plain.shape
        self.arrays.append(wire.Packed(CODES[dtype], shape, plain.tobytes()))
        return len(self.arrays) - 1

    def _tensor(self, value: Any) -> Any:
        dtype = str(value.dtype).removeprefix("torch.")
        if dtype not in TORCH_TYPES or value.layout is not self.torch.strided or value.device.type != "cpu":
            raise UnsendableError(f"a tensor of dtype {dtype} and layout {value.layout} on {value.device}")
        plain = value.detach().resolve_conj().resolve_neg()
        if dtype == "bfloat16":
            plain = plain.to(self.torch.float32)
        return ["T", self._store(plain.numpy()), dtype, bool(value.requires_grad)]

    def frame(self, fields: Sequence[Any]) -> bytes:
        """The whole frame of these skeleton fields and the arrays collected so far. Raises UnsendableError."""
        return wire.frame(fields, self.arrays, self.limits.answer_bytes)


def _scalar(value: "np.generic[Any]") -> Any:
    name = NAMES.get(value.dtype)
    if name is None:
        raise UnsendableError(f"a scalar of dtype {value.dtype}")
    item = value.item()
    return ["s", name, [item.real, item.imag] if isinstance(item, complex) else item]


@dataclass
class Unpacker:
    """Turns skeleton nodes that a box sent back into values. What goes into a box is read there, by `sent`.

    Each of the `arrays` is taken out once. One that could be named again would let a few bytes stand for gigabytes.
    """

    arrays: dict[str, npt.NDArray[Any]]
    depth: int = 32

    def value(self, node: Any, depth: int = 0) -> Any:
        """The value of a node. Raises MalformedError."""
        if type(node) in _SCALARS:
            return node
        if isinstance(node, str):
            return speakable(node)
        if not isinstance(node, list) or not node or not isinstance(node[0], str):
            raise MalformedError("a node without a tag")
        if depth > self.depth:
            raise MalformedError("nested too deep", Outcome.ANSWER_DEPTH)
        tag, rest = node[0], node[1:]
        if tag == "a" and len(rest) == 2 and type(rest[0]) is int and type(rest[1]) is str:
            return self._array(*rest)
        if tag == "l":
            return [self.value(item, depth + 1) for item in rest]
        if tag == "t":
            return tuple(self.value(item, depth + 1) for item in rest)
        if tag == "d":
            return self._dict(rest, depth)
        return self._leaf(tag, rest)

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2 or isinstance(pair[0], list | dict):
                raise MalformedError("not a pair of key and value")
            if type(pair[0]) is int and not -_KEYS < pair[0] < _KEYS:
                raise MalformedError("a key of impossible size")
            found[self.value(pair[0], depth + 1)] = self.value(pair[1], depth + 1)
        return found

    def _leaf(self, tag: str, rest: list[Any]) -> Any:
        match tag, rest:
            case "s", [str(dtype), item]:
                return _numpy_scalar(dtype, item)
            case "T", [int(index), str(dtype), bool(grad)]:
                return self._tensor(index, dtype, grad)
            case "c", [float() | int() as real, float() | int() as imaginary]:
                return _complex(real, imaginary)
            case "b", [str(text)]:
                try:
                    return base64.b64decode(text, validate=True)
                except (binascii.Error, ValueError) as problem:
                    raise MalformedError("not base64") from problem
            case "r", [str(name)]:
                return Ref(speakable(name))
            case _:
                raise MalformedError("an unknown node")

    def _array(self, index: int, dtype: str) -> npt.NDArray[Any]:
        array = self.arrays.pop(str(index), None)
        if array is None or dtype not in DTYPES:
            raise MalformedError("an array that is not there")
        if dtype in PAIRS:
            if array.dtype != PAIRS[dtype] or not array.ndim or array.shape[-1] != 2:
                raise MalformedError("not pairs of reals")
            # reshape, not [..., 0]: the latter gives a scalar where the array has no dimensions.
            return array.view(DTYPES[dtype]).reshape(array.shape[:-1]).copy()
        if array.dtype != DTYPES[dtype]:
            raise MalformedError("an array of another type than said")
        return array

    def _tensor(self, index: int, dtype: str, grad: bool) -> Any:
        carrier = "float32" if dtype == "bfloat16" else dtype
        if dtype not in TORCH_TYPES:
            raise MalformedError("a tensor of an unknown type")
        return Tensor(self._array(index, carrier), dtype, grad)


def _numpy_scalar(dtype: str, item: Any) -> Any:
    if dtype not in DTYPES:
        raise MalformedError("a scalar of another type")
    if dtype in PAIRS:
        match item:
            case [float() | int() as real, float() | int() as imaginary]:
                item = _complex(real, imaginary)
            case _:
                raise MalformedError("not a complex number")
    elif not isinstance(item, bool | int | float):
        raise MalformedError("not a number")
    try:
        with np.errstate(all="ignore"):
            return DTYPES[dtype].type(item)
    except (ValueError, TypeError, OverflowError) as problem:
        raise MalformedError("a number that its type cannot hold") from problem


def _complex(real: float, imaginary: float) -> complex:
    try:
        return complex(real, imaginary)
    except OverflowError as problem:
        raise MalformedError("a number too large") from problem
