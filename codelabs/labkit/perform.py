"""Performs a script, step by step. It runs in a box: the learner's, and the author's for the truth.

It holds no answer and decides nothing: it hands back what each compared step gave, and the grader compares outside.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

import numpy as np

MARK = "\0"


def perform(module: str, steps: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """What each compared step gave, in order: {"value": …}, {"items": […]} or {"raised": [names of types]}.

    `steps` and `values` are those of `script.written`; `learner` in a step is the module of this name. Raises what a
    step raises, unless the step says that it must.
    """
    stage = _Stage(module, values)
    seen: list[dict[str, Any]] = []
    for step in json.loads(steps):
        try:
            record = stage.play(step)
        except Exception as error:
            if not step.get("catch"):
                raise
            record = {"raised": [kind.__name__ for kind in type(error).__mro__[:-2]]}
        if step.get("compared"):
            seen.append(record)
    return seen


def _copied(value: Any) -> Any:
    """A copy; of a tensor a leaf as it is one, which its own method makes far sooner than deepcopy."""
    if hasattr(value, "requires_grad"):
        return value.detach().clone().requires_grad_(value.requires_grad)
    return deepcopy(value)


class _Stage:
    def __init__(self, module: str, values: Sequence[Any]) -> None:
        self.module = module
        self.values = values
        self.kept: dict[str, Any] = {}

    def play(self, step: Mapping[str, Any]) -> dict[str, Any]:
        do = step["do"]
        args, kwargs = self.arguments(step)
        if do == "set":
            self.assign(step["what"], args[0])
            return {}
        if do == "take":
            return self.take(self.unpack(step["what"]), step["count"])
        if do == "put":
            # What may be changed is handed over as a copy: the values themselves come back as they were, which saves
            # sending all of them.
            result = _copied(args[0]) if _kind(step["args"][0]) == "value" else args[0]
        else:
            what = self.unpack(step["what"])
            result = what(*args, **kwargs) if do == "call" else what
        if step["keep"]:
            self.kept[step["keep"]] = result
        return {"value": snapshot(result)} if step.get("compared") else {}

    def assign(self, node: Mapping[str, Any], value: Any) -> None:
        owner = self.unpack(node["of"])
        if node[MARK] == "attribute":
            setattr(owner, node["name"], value)
        else:
            owner[node["key"]] = value

    @staticmethod
    def take(iterator: Any, count: int) -> dict[str, Any]:
        return {"items": [snapshot(item) for item in islice(iter(iterator), count)]}

    def arguments(self, of: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        return [self.unpack(item) for item in of["args"]], {
            key: self.unpack(item) for key, item in of["kwargs"].items()
        }

    def unpack(self, node: Any) -> Any:
        """What a node of the text stands for. A value is handed over itself, to see if it is changed."""
        kind = _kind(node)
        if not kind:
            return node
        if kind == "value":
            return self.values[node["index"]]
        if kind == "kept":
            return self.kept[node["name"]]
        if kind == "name":
            return getattr(sys.modules[self.module if node["in"] == "learner" else node["in"]], node["name"])
        if kind == "dict":
            return {key: self.unpack(item) for key, item in node["pairs"]}
        if kind in ("list", "tuple"):
            items = [self.unpack(item) for item in node["items"]]
            return tuple(items) if kind == "tuple" else items
        return self.resolve(kind, node)

    def resolve(self, kind: str, node: Mapping[str, Any]) -> Any:
        owner = self.unpack(node["of"])
        if kind == "attribute":
            return getattr(owner, node["name"])
        if kind == "item":
            return owner[node["key"]]
        args, kwargs = self.arguments(node)
        return owner(*args, **kwargs)


def _kind(node: Any) -> str:
    """The kind of an expression, or of what stands for a value; empty for what is itself."""
    return str(node[MARK]) if isinstance(node, dict) else ""


def snapshot(value: Any) -> Any:
    """The value as it is now, so that later steps do not change what was seen."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, tuple | list):
        return tuple(map(snapshot, value)) if isinstance(value, tuple) else [snapshot(item) for item in value]
    if isinstance(value, dict):
        return {key: snapshot(item) for key, item in value.items()}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().clone()
    return value
