"""The language between parent and box: a JSON skeleton, with every array beside it in safetensors.

A frame is a header (mark, bytes of skeleton, bytes of arrays), the skeleton, the arrays. What a
skeleton may hold is told in `nodes`.

Nothing is ever unpickled or evaluated. Whatever a box says is hostile: it is measured before it is read, parsed
strictly, and refused with `MalformedError` and nothing else.
"""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize

from codelabs.sandbox.job import Limits
from codelabs.sandbox.outcome import Outcome

HEADER = struct.Struct("!4sIQ")
MARK = b"box1"
SKELETON_BYTES = 2_097_152  # a skeleton grows some forty-fold when parsed, so it has a tighter cap than arrays have
TORCH_TYPES = frozenset(
    (
        *("bool", "uint8", "int8", "int16", "int32", "int64"),
        *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
    )
)
# safetensors' names of the types that may travel; complex numbers travel as pairs of reals.
PLAIN = {
    "BOOL": np.dtype(np.bool_),
    "U8": np.dtype(np.uint8),
    "U16": np.dtype(np.uint16),
    "U32": np.dtype(np.uint32),
    "U64": np.dtype(np.uint64),
    "I8": np.dtype(np.int8),
    "I16": np.dtype(np.int16),
    "I32": np.dtype(np.int32),
    "I64": np.dtype(np.int64),
    "F16": np.dtype(np.float16),
    "F32": np.dtype(np.float32),
    "F64": np.dtype(np.float64),
}
PAIRS = {"complex64": np.dtype(np.float32), "complex128": np.dtype(np.float64)}
DTYPES = {dtype.name: dtype for dtype in PLAIN.values()} | {name: np.dtype(name) for name in PAIRS}
NAMES = {dtype: name for name, dtype in DTYPES.items()}  # asking a dtype for its name takes microseconds
CODES = {dtype: code for code, dtype in PLAIN.items()} | {np.dtype(np.complex64): "F32", np.dtype(np.complex128): "F64"}


class Packed(NamedTuple):
    """An array as it travels: safetensors' name of its type, its shape, its bytes in C order."""

    code: str
    shape: tuple[int, ...]
    data: bytes


_write = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_read = json.JSONDecoder().raw_decode  # json.loads looks for other encodings first, which takes as long as reading


class MalformedError(ValueError):
    """What came over the wire is not of the language, or larger than `outcome` says that it may be."""

    def __init__(self, why: str, outcome: Outcome = Outcome.MALFORMED) -> None:
        super().__init__(why)
        self.outcome = outcome


class UnsendableError(TypeError):
    """This value has no form on the wire, or one larger than `outcome` says that it may be."""

    def __init__(self, why: str, outcome: Outcome = Outcome.MALFORMED) -> None:
        super().__init__(why)
        self.outcome = outcome


def pack_arrays(arrays: Sequence[Packed]) -> bytes:
    """The safetensors of these arrays, named by their index. Written here: it is far quicker than the library."""
    entries, end = [], 0
    for index, array in enumerate(arrays):
        begin, end = end, end + len(array.data)
        shape = ",".join(map(str, array.shape))
        entries.append(f'"{index}":{{"dtype":"{array.code}","shape":[{shape}],"data_offsets":[{begin},{end}]}}')
    header = f"{{{','.join(entries)}}}".encode("ascii")
    header += b" " * (-len(header) % 8)
    return b"".join((len(header).to_bytes(8, "little"), header, *(array.data for array in arrays)))


def frame(fields: Sequence[Any], arrays: Sequence[Packed], most: int = 1 << 40) -> bytes:
    """Skeleton fields and arrays as they travel, of at most so many bytes. Raises UnsendableError."""
    try:
        skeleton = _write(fields).encode("ascii")
    except (ValueError, TypeError, RecursionError) as problem:
        raise UnsendableError(str(problem)) from problem
    packed = pack_arrays(arrays) if arrays else b""
    if len(skeleton) > min(SKELETON_BYTES, most) or len(packed) > most:
        raise UnsendableError("more than can be sent in one piece", Outcome.ANSWER_BYTES)
    return HEADER.pack(MARK, len(skeleton), len(packed)) + skeleton + packed


def sizes(header: bytes, answer_bytes: int) -> tuple[int, int]:
    """Bytes of skeleton and of arrays that a header announces. Raises MalformedError when they are too many."""
    mark, skeleton, arrays = HEADER.unpack(header)
    if mark != MARK:
        raise MalformedError("not an answer")
    if skeleton > min(SKELETON_BYTES, answer_bytes) or arrays > answer_bytes:
        raise MalformedError("an answer larger than allowed", Outcome.ANSWER_BYTES)
    return skeleton, arrays


def split(data: bytes) -> tuple[bytes, bytes]:
    """Skeleton and arrays of a whole frame."""
    _, skeleton, _ = HEADER.unpack_from(data)
    return data[HEADER.size : HEADER.size + skeleton], data[HEADER.size + skeleton :]


def parse(skeleton: bytes) -> list[Any]:
    """The skeleton's fields. Raises MalformedError."""
    try:
        text = skeleton.decode("ascii")
        fields, end = _read(text)
    except (ValueError, RecursionError) as problem:
        raise MalformedError("not JSON") from problem
    if not isinstance(fields, list) or end != len(text):
        raise MalformedError("not a list of fields")
    return fields


def unpack_arrays(data: bytes, limits: Limits) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a frame, by name. Raises MalformedError."""
    if not data:
        return {}
    header = int.from_bytes(data[:8], "little")
    if header + 8 > len(data):
        raise MalformedError("not safetensors")
    # The library makes an object of every entry in the header, so a header of millions must not reach it.
    if header > 1_024 + limits.answer_arrays * 256:
        raise MalformedError("more arrays than allowed", Outcome.ANSWER_ARRAYS)
    try:
        found = deserialize(data)  # type: ignore[no-untyped-call]
    except (SafetensorError, ValueError, TypeError, OverflowError) as problem:
        raise MalformedError("not safetensors") from problem
    if len(found) > limits.answer_arrays:
        raise MalformedError(f"more than {limits.answer_arrays} arrays", Outcome.ANSWER_ARRAYS)
    return {name: _view(entry, limits.answer_bytes) for name, entry in found}


def _view(entry: Mapping[str, Any], most: int) -> npt.NDArray[Any]:
    dtype, shape = PLAIN.get(entry["dtype"]), entry["shape"]
    if dtype is None:
        raise MalformedError("an array of another type")
    # An empty array may claim any size in its other dimensions; that is a trap for whoever loops over them.
    if len(shape) > 32 or (0 in shape and math.prod(size for size in shape if size) > most):
        raise MalformedError("an array of impossible shape")
    try:
        return np.ndarray(shape, dtype, entry["data"])
    except (ValueError, TypeError, OverflowError) as problem:
        raise MalformedError("an array that is not its shape") from problem


def speakable(text: str) -> str:
    """The text with lone surrogates replaced: no database, terminal or page can take them."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
