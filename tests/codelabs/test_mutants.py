"""Automatic mutants: what is changed, what is left alone, and names that survive edits elsewhere."""

import ast
from collections import Counter

import pytest

from codelabs.mutants import mutants

HEAD = "import numpy as np\n\n\ndef f(x, y, axis=-1):\n    "


def changed(body: str) -> set[str]:
    """The names of a one-function file's mutants, without the function's name."""
    return {mutant.name.removeprefix("f: ") for mutant in mutants(HEAD + body + "\n")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return x + y", {"return x - y"}),
        ("return x * y", {"return x / y", "return x + y"}),
        ("return x @ y", {"return y @ x"}),
        ("return x < y", {"return x <= y", "return x >= y"}),
        ("return x == y", {"return x != y"}),
        ("return x is None", {"return x is not None"}),
        ("return x and y", {"return x or y"}),
        ("return not x", {"return x"}),
        ("return x[1:]", {"return x[2:]", "return x[0:]", "return x[:]"}),
        ("return x[::-1]", {"return x[::1]", "return x[::-2]", "return x[::-0]", "return x[:]"}),
        ("return x.T", {"return x"}),
        ("return x.sum(axis=1)", {"return x.mean(axis=1)", "return x.sum(axis=2)", "return x.sum(axis=0)",
                                  "return x.sum()"}),
        ("return np.where(x, y, 0.5)", {"return np.where(y, x, 0.5)", "return np.where(x, y, 1.0)"}),
        ("return x if y else 0", {"return x", "return 0", "return x if y else 1", "return x if y else -1"}),
        ("return (x, y)", {"return (y, x)"}),
        ("return True", {"return False"}),
        ("return np.logaddexp(x, y)", {"return np.maximum(x, y)"}),
        ("return max(x, y)", {"return min(x, y)"}),
        ("return max(x, y, x)", {"return min(x, y, x)", "return max(y, x, x)"}),
        ("return np.tanh(x)", {"return np.arctan(x)"}),
        ("x += y\n    return x", {"x -= y", "x = y", "without x += y"}),
        ("x = y\n    return x", {"without x = y"}),
        ("if x:\n        raise ValueError\n    return y", {"if True:", "if False:", "without raise ValueError"}),
        ("for t in range(3):\n        x[t] = y\n    return x", {
            "for t in range(4):", "for t in range(2):", "without x[t] = y"}),
    ],
)  # fmt: skip
def test_small_changes_are_made_one_at_a_time(body: str, expected: set[str]) -> None:
    header = {"def f(x, y, axis=1):", "def f(x, y, axis=-2):", "def f(x, y, axis=-0):"}
    assert changed(body) - header == expected - header


def test_every_mutant_parses_and_differs_from_the_original_in_one_statement() -> None:
    source = HEAD + "z = np.exp(x - x.max(axis, keepdims=True))\n    return z / z.sum(axis)\n"
    found = mutants(source)
    lines = ast.unparse(ast.parse(source)).splitlines()
    assert found
    for mutant in found:
        theirs = mutant.source.splitlines()
        assert sum(a != b for a, b in zip(lines, theirs, strict=False)) == 1
        assert mutant.before in " ".join(lines)
        assert source.splitlines()[mutant.line - 1].strip().startswith(mutant.before[:5])


def test_mutants_that_compile_to_the_same_code_are_left_out() -> None:
    assert changed("return x if 1 else x") & {"return x"} == set()
    names = [mutant.source for mutant in mutants(HEAD + "return x + y + 0\n")]
    assert len(names) == len(set(names))


def test_docstrings_annotations_imports_and_decorators_are_left_alone() -> None:
    source = (
        'import numpy as np\n\nLIMIT: int = 3\n\n\ndef f(x: "a + b") -> "c + d":\n    """One + two."""\n    return x\n'
    )
    assert mutants(source) == []


def test_methods_and_inner_functions_are_changed_under_their_own_names() -> None:
    source = "class A:\n    def m(self, x):\n        def g(y):\n            return y + 1\n        return g(x) - 1\n"
    names = {mutant.name for mutant in mutants(source)}
    assert "A.m.g: return y - 1" in names
    assert "A.m: return g(x) + 1" in names


def test_names_are_unique_and_do_not_depend_on_what_stands_elsewhere() -> None:
    body = "x = x + 1\n    y = y * 2\n    x = x + 1\n    return x - y\n"
    names = [mutant.name for mutant in mutants(HEAD + body)]
    assert max(Counter(names).values()) == 1
    assert {"f: x = x - 1", "f: x = x - 1 (2)"} <= set(names)
    later = [mutant.name for mutant in mutants("# a comment\n\n\ndef g():\n    return 1\n\n\n" + HEAD + body)]
    assert set(names) <= set(later)
