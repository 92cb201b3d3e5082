"""Finds the names that a lab forbids, in the learner's source before it runs and again while it runs.

The source is read in the learner's box, before any of the learner's code, so that a file built to break the parser
breaks only its own box. Reading cannot see every trick; `guard` replaces the forbidden functions themselves as well.
"""

import ast
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

_whole = os.path.abspath  # which does not look at the disk


class Forbidden(Exception):  # noqa: N818 - its name is what the learner reads
    """Raised where a forbidden function is called."""


def find(source: str, banned: Sequence[str]) -> list[tuple[int, str]]:
    """(line, name) of each use of a banned dotted name, in order. Empty for a source that does not parse.

    Follows `import a.b as c`, `from a import b as c`, `from a import *`, `c = a.b`, `getattr(a, "b")` and imports by
    constant strings.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []  # loading it says so, with the line
    names = _Names()
    names.visit(tree)
    names.visit(tree)  # a second time, now that every alias of the file is known
    hits = {
        (line, name)
        for line, used in names.used
        for name in banned
        if used == name or used.startswith(f"{name}.")
    }  # fmt: skip
    return sorted(hits)


def guard(banned: Sequence[str]) -> None:
    """Replace each banned attribute of a loaded module by a function that raises Forbidden; of a banned module that
    lies within another, all that it defines, since `sys.modules` still has it, and reading its file once more."""
    files: dict[str, str] = {}
    for name in banned:
        module, _, attribute = name.rpartition(".")
        if module and name in sys.modules:
            inside = vars(sys.modules[name])
            files |= {_whole(inside[key]): name for key in ("__file__", "__cached__") if inside.get(key)}
            inside |= {key: _refuse(f"{name}.{key}") for key, one in inside.items() if _is_from(name, one)}
        if module in sys.modules and hasattr(sys.modules[module], attribute):
            setattr(sys.modules[module], attribute, _refuse(name))
    if files:
        sys.addaudithook(_closed(files))


def _closed(files: Mapping[str, str]) -> Callable[[str, tuple[Any, ...]], None]:
    """Refuses to open the files, by which a module could be loaded anew: nothing else needs them any more."""
    whole, decoded = _whole, os.fsdecode

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | bytes):
            name = files.get(whole(decoded(args[0])))
            if name is not None:
                raise Forbidden(f"{name} is not allowed in this lab")

    return hear


def _is_from(module: str, one: Any) -> bool:
    return callable(one) and getattr(one, "__module__", None) == module


def _refuse(name: str) -> Callable[..., NoReturn]:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise Forbidden(f"{name} is not allowed in this lab")

    return refuse


class _Names(ast.NodeVisitor):
    """Every dotted name that is used, with aliases written out."""

    def __init__(self) -> None:
        self.alias: dict[str, str] = {}
        self.stars: set[str] = set()
        self.used: set[tuple[int, str]] = set()

    def visit_Import(self, node: ast.Import) -> None:
        for item in node.names:
            self.alias[item.asname or item.name.partition(".")[0]] = (
                item.name if item.asname else item.name.partition(".")[0]
            )
            self.used.add((node.lineno, item.name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for item in node.names:
            if item.name == "*":
                self.stars.add(module)
                self.used.add((node.lineno, module))
            else:
                self.alias[item.asname or item.name] = f"{module}.{item.name}"
                self.used.add((node.lineno, f"{module}.{item.name}"))

    def visit_Assign(self, node: ast.Assign) -> None:
        dotted = self._dotted(node.value)
        for target in node.targets:
            if dotted and isinstance(target, ast.Name) and target.id != dotted:
                self.alias[target.id] = dotted
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._use(node.lineno, self._dotted(node))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node.lineno, self._dotted(node))
        for module in self.stars:
            self.used.add((node.lineno, f"{module}.{node.id}"))

    def visit_Call(self, node: ast.Call) -> None:
        called = self._dotted(node.func) or ""
        texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if called.rpartition(".")[2] in ("__import__", "import_module") and texts:
            self.used.add((node.lineno, texts[0]))
        self._use(node.lineno, self._dotted(node))
        self.generic_visit(node)

    def _use(self, line: int, dotted: str | None) -> None:
        if dotted:
            self.used.add((line, dotted))

    def _dotted(self, node: ast.AST) -> str | None:
        """`a.b.c`, or getattr(a.b, "c"), with aliases written out; None for anything else."""
        if isinstance(node, ast.Name):
            return self.alias.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self._dotted(node.value)
            return f"{base}.{node.attr}" if base else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            name = node.args[1] if len(node.args) > 1 else None
            base = self._dotted(node.args[0]) if node.args else None
            if base and isinstance(name, ast.Constant) and isinstance(name.value, str):
                return f"{base}.{name.value}"
        return None
