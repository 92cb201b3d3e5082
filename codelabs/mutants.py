"""Small changes to a right answer, each of which ought to make it wrong. Pure: nothing is run here.

A mutant that compiles to the same code as the original or as another mutant is left out. What remains is known by the
statement that it has instead of the original's, so that an author's word on it outlives edits elsewhere in the file.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# Functions and attributes that stand for one another in code that looks right.
_PAIRS = """
    max/min maximum/minimum argmax/argmin amax/amin any/all sum/mean zeros/ones zeros_like/ones_like cumsum/cumprod
    floor/ceil logical_and/logical_or exp/expm1 log/log1p triu/tril sqrt/square tanh/arctan logaddexp/maximum
"""
_NAMES = {left: right for left, _, right in (pair.partition("/") for pair in _PAIRS.split())}
_ONE_WAY = ("square", "arctan", "maximum")
NAMES = _NAMES | {right: left for left, right in _NAMES.items() if right not in _ONE_WAY}
_BUILTINS = ("max", "min", "any", "all")  # the others are NumPy's alone
# Of two numbers or arrays these give the same whichever comes first, so that swapping them changes nothing.
_COMMUTE = {"maximum", "minimum", "max", "min", "logaddexp", "add", "multiply", "logical_and", "logical_or"}
_WHOLE = (ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.While, ast.With, ast.Try)


@dataclass(frozen=True)
class Mutant:
    """`name` is stable, `line` the original's; `before` and `after` are the statement without and with the change."""

    name: str
    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every small change to `source`, in the order of its lines. Raises SyntaxError."""
    tree = ast.parse(source)
    seen = {_code(source)}
    names: Counter[str] = Counter()
    found: list[Mutant] = []
    for change in _changes(tree):
        before = _text(change.statement)
        with change:
            text, after = ast.unparse(tree), _text(change.here)
        try:
            code = _code(text)
        except (SyntaxError, ValueError):
            continue
        if code in seen:
            continue
        seen.add(code)
        name = f"{change.inside}: {after}" if after != "pass" else f"{change.inside}: without {before}"
        names[name] += 1
        name = name if names[name] == 1 else f"{name} ({names[name]})"
        found.append(Mutant(name, change.statement.lineno, before, after if after != "pass" else "", text))
    return found


class _Change:
    """Puts one node in the place of another for as long as it is entered."""

    def __init__(
        self, inside: str, statement: ast.stmt, parent: ast.AST, name: str, place: int | None, new: Any
    ) -> None:
        self.inside, self.statement = inside, statement
        self._parent, self._name, self._place, self._new = parent, name, place, new

    @property
    def here(self) -> ast.stmt:
        """The statement as it is now: the change may have replaced the whole of it."""
        return self._new if isinstance(self._new, ast.stmt) else self.statement

    def __enter__(self) -> None:
        self._old = self._swap(self._new)

    def __exit__(self, *details: object) -> None:
        self._swap(self._old)

    def _swap(self, new: Any) -> Any:
        if self._place is None:
            old = getattr(self._parent, self._name)
            setattr(self._parent, self._name, new)
            return old
        items = getattr(self._parent, self._name)
        old, items[self._place] = items[self._place], new
        return old


def _changes(tree: ast.Module) -> Iterator[_Change]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from _within(node, node.name)


def _within(whole: ast.FunctionDef | ast.ClassDef, inside: str) -> Iterator[_Change]:
    for statement, parent, name, place in _statements(whole):
        if isinstance(statement, ast.ClassDef) or (isinstance(statement, ast.FunctionDef) and statement is not whole):
            yield from _within(statement, f"{inside}.{statement.name}")
            continue
        if statement is not whole and isinstance(
            statement, ast.Assign | ast.AugAssign | ast.Expr | ast.Raise | ast.Continue | ast.Break
        ):
            yield _Change(inside, statement, parent, name, place, ast.copy_location(ast.Pass(), statement))
        if isinstance(statement, ast.If):
            for always in (True, False):
                yield _Change(inside, statement, statement, "test", None, ast.Constant(always))
        if isinstance(statement, ast.AugAssign):
            plain = ast.Assign([statement.target], statement.value, lineno=statement.lineno)
            yield _Change(inside, statement, parent, name, place, plain)
        for owner, field, index, node in _expressions(statement):
            for new in _replacements(node):
                yield _Change(inside, statement, owner, field, index, new)


def _statements(whole: ast.AST) -> Iterator[tuple[ast.stmt, ast.AST, str, int]]:
    """The function itself for its header, then each statement in it, but not what is inside inner functions."""
    if isinstance(whole, ast.FunctionDef):
        yield whole, whole, "body", 0
    for name in ("body", "orelse", "finalbody", "handlers"):
        for place, statement in enumerate(getattr(whole, name, [])):
            if isinstance(statement, ast.ExceptHandler):
                yield from _statements(statement)
                continue
            docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if docstring or isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
                continue
            yield statement, whole, name, place
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                yield from _statements(statement)


def _expressions(statement: ast.stmt) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each expression of a statement's own line, with its place; of a function only its defaults."""
    if isinstance(statement, ast.FunctionDef):
        roots: list[tuple[ast.AST, str]] = [(statement.args, "defaults"), (statement.args, "kw_defaults")]
    else:
        roots = [(statement, name) for name in statement._fields if name not in _BLOCKS]
    for owner, name in roots:
        yield from _below(owner, name)


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "annotation", "returns")


def _below(owner: ast.AST, name: str) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    value = getattr(owner, name, None)
    items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    for place, node in items:
        if isinstance(node, ast.AST):
            yield owner, name, place, node
            for below in node._fields:
                yield from _below(node, below)


def _replacements(node: ast.AST) -> Iterator[Any]:
    """What may stand in the place of this node."""
    if isinstance(node, ast.operator):
        yield from (other() for other in _ARITHMETIC.get(type(node), ()))
    elif isinstance(node, ast.cmpop):
        yield from (other() for other in _COMPARISONS.get(type(node), ()))
    elif isinstance(node, ast.boolop):
        yield ast.Or() if isinstance(node, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _numbers(node.value))
    elif isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield node.value
        elif node.attr in NAMES:
            yield _with(node, attr=NAMES[node.attr])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _BUILTINS:
        yield _with(node, id=NAMES[node.id])
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield _with(node, **{part: None})
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield _with(node, elts=[node.elts[1], node.elts[0], *node.elts[2:]])
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield _with(node, left=node.right, right=node.left)


def _calls(node: ast.Call) -> Iterator[ast.Call]:
    """Each keyword left out, and the first two arguments swapped."""
    for place in range(len(node.keywords)):
        yield _with(node, keywords=node.keywords[:place] + node.keywords[place + 1 :])
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    commutes = name in _COMMUTE and len(node.args) == 2
    if len(node.args) > 1 and not commutes and not any(isinstance(argument, ast.Starred) for argument in node.args):
        yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])


def _numbers(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return value + 1, value - 1
    if isinstance(value, float):
        return (2 * value,) if value else (1.0,)
    return ()


def _with(node: Any, **changes: Any) -> Any:
    new = copy.copy(node)
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def _text(statement: ast.stmt) -> str:
    """A statement in one line: of a compound one only its head."""
    if isinstance(statement, _WHOLE):
        empty: dict[str, Any] = {name: [] for name in ("orelse", "finalbody", "handlers") if hasattr(statement, name)}
        statement = _with(statement, body=[ast.Pass()], decorator_list=[], **empty)
        return ast.unparse(statement).splitlines()[0]
    return " ".join(ast.unparse(statement).split())


def _code(source: str) -> Any:
    return _key(compile(source, "", "exec", optimize=2))


def _key(code: CodeType) -> Any:
    """What a code object does, without where it stands in the file. Constants with their types: 1 is not True."""
    constants = tuple(_key(item) if isinstance(item, CodeType) else repr(item) for item in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_exceptiontable
