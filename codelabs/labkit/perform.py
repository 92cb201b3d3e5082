"""Performs a script, step by step. It runs in a box: the learner's, and the author's for the truth.

It holds no answer and decides nothing: it hands back what each compared step gave, and the grader compares outside.
"""

import operator
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

import numpy as np

MARK = "\0"


def perform(module: str, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each compared step gave, in order: {"value": …}, {"items": […]} or {"raised": [names of types]}.

    `learner` in a step is the module of this name. Raises what a step raises, unless the step says that it must.
    """
    stage = _Stage(module)
    seen: list[dict[str, Any]] = []
    for step in steps:
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
    def __init__(self, module: str) -> None:
        self.module = module
        self.kept: dict[str, Any] = {}

    def play(self, step: Mapping[str, Any]) -> dict[str, Any]:
        do, args, kwargs = step["do"], self.unpack(step.get("args", ())), self.unpack(step.get("kwargs", {}))
        if do == "set":
            self.assign(step["what"], args[0])
            return {}
        if do == "take":
            return self.take(self.unpack(step["what"]), step["count"])
        if do == "put":
            # What may be changed is handed over as a copy: the steps themselves come back as they were, which saves
            # sending all of them.
            result = _copied(args[0]) if args[0] is step["args"][0] else args[0]
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

    def unpack(self, value: Any) -> Any:
        """The value with its expressions worked out. What holds none is handed over itself, to see if it is changed."""
        if isinstance(value, tuple | list):
            items = [self.unpack(item) for item in value]
            return value if all(map(operator.is_, items, value)) else type(value)(items)
        if not isinstance(value, dict):
            return value
        if MARK in value:
            return self.resolve(value)
        pairs = {key: self.unpack(item) for key, item in value.items()}
        return value if all(pairs[key] is item for key, item in value.items()) else pairs

    def resolve(self, node: Mapping[str, Any]) -> Any:
        kind = node[MARK]
        if kind == "kept":
            return self.kept[node["name"]]
        if kind == "name":
            return getattr(sys.modules[self.module if node["in"] == "learner" else node["in"]], node["name"])
        owner = self.unpack(node["of"])
        if kind == "attribute":
            return getattr(owner, node["name"])
        if kind == "item":
            return owner[node["key"]]
        return owner(*self.unpack(node["args"]), **self.unpack(node["kwargs"]))


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
