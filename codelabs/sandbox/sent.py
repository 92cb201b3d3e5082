"""The arguments of one call, as the parent sent them and as the call may have changed them. Runs in the box."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from codelabs.sandbox.nodes import Unpacker
from codelabs.sandbox.wire import PLAIN


class Sent:
    """`arguments` is the tuple, `keywords` the dict.

    Arrays are read here and not by the library, since the parent's word is good and this takes a fraction of the time.
    """

    def __init__(self, nodes: list[Any], data: bytes, torch: Any, kept: Mapping[str, Any]) -> None:
        """`nodes` are those of the tuple and of the dict, `data` the safetensors of their arrays."""
        self._nodes = nodes
        self._torch = torch
        self._data = data
        self._places: dict[str, tuple[Any, tuple[int, ...], int, int]] = {}  # dtype, shape, from byte, to byte
        self._arrays = {name: self._array(name, entry) for name, entry in self._entries()}
        unpacker = Unpacker(self._arrays, depth=1_000, torch=torch, kept=kept)
        self.arguments: Any = unpacker.value(nodes[0])
        self.keywords: Any = unpacker.value(nodes[1])

    def _entries(self) -> list[tuple[str, Any]]:
        if not self._data:
            return []
        self._start = 8 + int.from_bytes(self._data[:8], "little")
        return list(json.loads(self._data[8 : self._start].decode("ascii")).items())

    def _array(self, name: str, entry: Mapping[str, Any]) -> Any:
        begin, end = (self._start + offset for offset in entry["data_offsets"])
        array = np.ndarray(entry["shape"], PLAIN[entry["dtype"]], self._data, begin).copy()
        self._places[name] = array.dtype, array.shape, begin, end
        return array

    def unchanged(self) -> bool:
        """Whether the arguments are still, bit for bit, what was sent; False also where telling would take long.

        That is no less to be believed than the arguments themselves would be: code that means to deceive could as well
        send back what came in.
        """
        return self._same(self._nodes[0], self.arguments) and self._same(self._nodes[1], self.keywords)

    def _same(self, node: Any, value: Any) -> bool:
        if type(node) is not list:
            return type(value) is type(node) and bool(value == node)
        tag, kind = node[0], type(value)
        if tag == "a" and kind is np.ndarray:
            return self._same_array(str(node[1]), value)
        if tag == "T" and kind is self._torch.Tensor:
            return self._same_tensor(node, value)
        if (tag == "t" and kind is tuple) or (tag == "l" and kind is list):
            return len(value) == len(node) - 1 and all(map(self._same, node[1:], value))
        if tag == "d" and kind is dict and len(value) == len(node) - 1:
            pairs = zip(node[1:], value.items(), strict=True)
            return all(key == now and self._same(item, given) for (key, item), (now, given) in pairs)
        return False

    def _same_array(self, name: str, array: Any) -> bool:
        dtype, shape, begin, end = self._places[name]
        return array.dtype == dtype and array.shape == shape and bool(array.tobytes() == self._data[begin:end])

    def _same_tensor(self, node: Any, tensor: Any) -> bool:
        _, index, dtype, grad = node
        if str(tensor.dtype) != f"torch.{dtype}" or tensor.requires_grad != grad or dtype == "bfloat16":
            return False
        return self._same_array(str(index), tensor.detach().numpy())
