"""A case of several steps: make an object, call it, read it, and compare what each step gives.

Nothing happens while a script is written down. Handles stand for objects that will only exist in a box:

    do = Script()
    counter = do.let("Counter", 3)         # made and kept; nothing is compared
    do.call(counter.add, 2)                # called; what it returns is compared
    do.see(counter.total)                  # read and compared
    do.raises(counter.add, "two")          # must raise what the truth raises
    yield case("adding", why="…", script=do)

`given.name` stands for what the lab's given.py defines, `learner.name` for what the learner's file defines.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

ENTRY = "entry_of_the_lab"  # stands for the lab's own entry until the paper is set
MARK = "\0"  # the key of the dicts in which an expression travels; no author's dict has it


class Expression:
    """Something that a box will work out: a handle, an attribute or an item of one, or a call of one."""

    __slots__ = ("_node", "_text")

    def __init__(self, node: Mapping[str, Any], text: str) -> None:
        self._node = dict(node)
        self._text = text

    def __getattr__(self, name: str) -> "Expression":
        if name.startswith("_"):
            raise AttributeError(name)  # also keeps copy and pickle from taking this for any object they know
        return Expression({MARK: "attribute", "of": self._node, "name": name}, f"{self._text}.{name}")

    def __getitem__(self, key: int | str) -> "Expression":
        return Expression({MARK: "item", "of": self._node, "key": key}, f"{self._text}[{key!r}]")

    def __iter__(self) -> Any:
        raise TypeError("how many parts this has is known only in the box; take them by their index")

    def __call__(self, *args: Any, **kwargs: Any) -> "Expression":
        node = {MARK: "call", "of": self._node, "args": packed(args), "kwargs": packed(kwargs)}
        return Expression(node, f"{self._text}(…)")


class _Names:
    """`names.thing` is the thing of that name in a module of the box."""

    def __init__(self, root: str, shown: str = "") -> None:
        self._root = root
        self._shown = shown

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("_"):
            raise AttributeError(name)
        return Expression({MARK: "name", "in": self._root, "name": name}, f"{self._shown}{name}")


given = _Names("given")
learner = _Names("learner")


def generator(seed: int) -> Expression:
    """A NumPy random generator for the learner's function; it cannot travel, so it is made in the box."""
    return _Names("numpy.random", "numpy.random.").default_rng(seed)


def torch_generator(seed: int) -> Expression:
    """A torch random generator, made in the box; for labs that run with torch."""
    made = _Names("torch", "torch.").Generator()
    return Expression({MARK: "attribute", "of": made._node, "name": "manual_seed"}, "torch.Generator().manual_seed")(
        seed
    )


def packed(value: Any) -> Any:
    """The value with every expression in it as plain dicts, ready to travel. Raises ValueError for a dict with MARK."""
    if isinstance(value, Expression):
        return value._node
    if isinstance(value, tuple | list):
        return type(value)(packed(item) for item in value)
    if isinstance(value, dict):
        if MARK in value:
            raise ValueError("a dict may not have the key '\\0'")
        return {key: packed(item) for key, item in value.items()}
    return value


def holds_expression(value: Any) -> bool:
    """Whether there is anything in it that only a box can work out."""
    if isinstance(value, tuple | list):
        return any(map(holds_expression, value))
    if isinstance(value, dict):
        return any(map(holds_expression, value.values()))
    return isinstance(value, Expression)


class Written(NamedTuple):
    """Steps as a box reads them: one text, read in one go, and beside it the `values` that they hand over, each as it
    is. `owners` are the indices of the steps that these are from."""

    text: str
    values: tuple[Any, ...]
    owners: tuple[int, ...]


def written(steps: Sequence[Mapping[str, Any]]) -> Written:
    told: list[dict[str, Any]] = []
    values: list[Any] = []
    owners: list[int] = []

    def node(value: Any) -> Any:
        if isinstance(value, dict) and MARK in value:
            plain = {key: value[key] for key in value.keys() - {"of", "args", "kwargs"}}
            if "of" in value:
                plain["of"] = node(value["of"])
            return plain | arguments(value)
        if type(value) in (type(None), bool, int, float, str):
            return value
        if not _holds_node(value):
            values.append(value)
            owners.append(len(told))
            return {MARK: "value", "index": len(values) - 1}
        if isinstance(value, dict):
            return {MARK: "dict", "pairs": [[key, node(item)] for key, item in value.items()]}
        return {MARK: "tuple" if isinstance(value, tuple) else "list", "items": [node(item) for item in value]}

    def arguments(of: Mapping[str, Any]) -> dict[str, Any]:
        args, kwargs = of.get("args", ()), of.get("kwargs", {})
        return {"args": [node(item) for item in args], "kwargs": {name: node(item) for name, item in kwargs.items()}}

    for step in steps:
        plain = {key: step[key] for key in ("do", "keep", "count", "compared", "catch") if key in step}
        what = {"what": node(step["what"])} if "what" in step else {}
        told.append(plain | what | arguments(step))
    return Written(json.dumps(told), tuple(values), tuple(owners))


def _holds_node(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_holds_node, value))
    return isinstance(value, dict) and (MARK in value or any(map(_holds_node, value.values())))


class Script:
    """The steps of one case, in their order."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self._numbers: dict[str, itertools.count[int]] = {}

    def let(self, what: "Expression | str", *args: Any, **kwargs: Any) -> Expression:
        """Call a function or a class and keep what it gives; nothing is compared."""
        return self._call(what, args, kwargs, compared=False)

    def call(self, what: "Expression | str", *args: Any, **kwargs: Any) -> Expression:
        """Call, keep, and compare what it returns. A string names something of the learner's file."""
        return self._call(what, args, kwargs, compared=True)

    def see(self, what: Expression) -> None:
        """Compare an attribute, an item, or the object itself as it is now."""
        self._add("see", what._text, what=what._node, compared=True)

    def raises(self, what: "Expression | str", *args: Any, **kwargs: Any) -> None:
        """Call what must raise: an exception of the type that the truth raises, or of one derived from it."""
        self._call(what, args, kwargs, compared=True, catch=True)

    def take(self, what: Expression, count: int) -> None:
        """Compare the next `count` items of an iterator, or all that are left: ask for one too many to see its end."""
        self._add("take", f"{count} items of {what._text}", what=what._node, count=count, compared=True)

    def set(self, what: Expression, value: Any) -> None:
        """Assign to an attribute or to an item."""
        self._add("set", what._text, what=what._node, args=(packed(value),))

    def value(self, value: Any, name: str = "value") -> Expression:
        """Put a value into the box, to be handed over, changed there on purpose, and looked at with `see`."""
        return self._add("put", name, keep=name, args=(packed(value),), changes=True)

    def enter(self, what: Expression) -> Expression:
        """`with what as …`: the handle is what it gives."""
        node = {MARK: "attribute", "of": what._node, "name": "__enter__"}
        return self._add("call", f"with {what._text}", what=node, keep="inside")

    def exit(self, what: Expression) -> None:
        """Leave the `with` block without an exception."""
        node = {MARK: "attribute", "of": what._node, "name": "__exit__"}
        self._add("call", f"leaving {what._text}", what=node, args=(None, None, None))

    def _call(
        self,
        what: "Expression | str",
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        compared: bool,
        catch: bool = False,
    ) -> Expression:
        target = getattr(learner, what) if isinstance(what, str) else what
        name = target._text.rpartition(".")[2].lower()
        return self._add(
            "call",
            f"{target._text}(…)",
            what=target._node,
            keep=name if name.isidentifier() and name != ENTRY else "result",
            args=packed(args),
            kwargs=packed(kwargs),
            compared=compared,
            catch=catch,
        )

    def _add(self, do: str, text: str, *, keep: str = "", **more: Any) -> Expression:
        name = self._fresh(keep) if keep else ""
        self.steps.append({"do": do, "text": text, "keep": name, **more})
        return Expression({MARK: "kept", "name": name}, name)

    def _fresh(self, name: str) -> str:
        number = next(self._numbers.setdefault(name, itertools.count(1)))
        return name if number == 1 else f"{name}_{number}"
