"""The arguments of one call, as the parent sent them and as the call may have changed them. Runs in the box."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from codelabs.sandbox.wire import DTYPES, PAIRS, PLAIN


class Sent:
    """`arguments` is the tuple, `keywords` the dict.

    Nodes and arrays are read here and not by the library or by `nodes.Unpacker`: the parent's word is good, and to read
    it without looking for lies takes a fraction of the time.
    """

    def __init__(self, nodes: list[Any], data: bytes, torch: Any, kept: Mapping[str, Any]) -> None:
        """`nodes` are those of the tuple and of the dict, `data` the safetensors of their arrays."""
        self._nodes = nodes
        self._torch = torch
        self._kept = kept
        self._data = data
        self._start = 8 + int.from_bytes(data[:8], "little")
        self._entries = list(json.loads(data[8 : self._start]).values()) if data else []
        self.arguments: Any = self._value(nodes[0])
        self.keywords: Any = self._value(nodes[1])

    def _value(self, node: Any) -> Any:
        if type(node) is not list:
            return node
        tag = node[0]
        if tag == "a":
            return self._array(node[1], node[2])
        if tag == "t":
            return tuple([self._value(item) for item in node[1:]])
        if tag == "l":
            return [self._value(item) for item in node[1:]]
        if tag == "d":
            return {key: self._value(item) for key, item in node[1:]}
        return self._rarer(*node)

    def _rarer(self, tag: str, first: Any, *rest: Any) -> Any:
        if tag == "T":
            return self._tensor(first, *rest)
        if tag == "r":
            return self._kept[first]
        if tag == "c":
            return complex(first, *rest)
        if tag == "b":
            return base64.b64decode(first)
        [item] = rest
        return DTYPES[first].type(complex(*item) if first in PAIRS else item)

    def _array(self, index: int, dtype: str) -> Any:
        entry = self._entries[index]
        begin = self._start + entry["data_offsets"][0]
        array = np.ndarray(entry["shape"], PLAIN[entry["dtype"]], self._data, begin).copy()
        return array.view(DTYPES[dtype]).reshape(array.shape[:-1]).copy() if dtype in PAIRS else array

    def _tensor(self, index: int, dtype: str, grad: bool) -> Any:
        array = self._array(index, "float32" if dtype == "bfloat16" else dtype)
        tensor = self._torch.from_numpy(array)
        if dtype == "bfloat16":
            tensor = tensor.to(self._torch.bfloat16)
        return tensor.requires_grad_(grad)

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
            return self._same_array(node[1], value)
        if tag == "T" and kind is self._torch.Tensor:
            return self._same_tensor(node, value)
        if (tag == "t" and kind is tuple) or (tag == "l" and kind is list):
            return len(value) == len(node) - 1 and all(map(self._same, node[1:], value))
        if tag == "d" and kind is dict and len(value) == len(node) - 1:
            pairs = zip(node[1:], value.items(), strict=True)
            return all(key == now and self._same(item, given) for (key, item), (now, given) in pairs)
        return False

    def _same_array(self, index: int, array: Any) -> bool:
        entry = self._entries[index]
        begin, end = entry["data_offsets"]
        return (
            array.dtype == PLAIN[entry["dtype"]]
            and list(array.shape) == entry["shape"]
            and bool(array.tobytes() == self._data[self._start + begin : self._start + end])
        )

    def _same_tensor(self, node: Any, tensor: Any) -> bool:
        _, index, dtype, grad = node
        if str(tensor.dtype) != f"torch.{dtype}" or tensor.requires_grad != grad or dtype == "bfloat16":
            return False
        return self._same_array(index, tensor.detach().numpy())
