"""A lab's content as one frozen value. Nothing of it is ever executed here."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from codelabs.sandbox import Limits
from prepsite.lib import markdown

LEVELS = ("basic", "intermediate", "advanced")
RUNTIMES = ("numpy", "torch")
STATUSES = ("draft", "published", "retired")
HINTS = 3
HIGHEST_NUMBER = 999  # rows of retired labs whose number another lab has taken lie above it
FEWEST_WRONG = 4  # a published lab proves that it can tell right from wrong

# Every lab has these; wrong/*.py come on top.
STATEMENT = "statement.md"
ANSWERS = ("starter.py", "oracle.py", "solution.py", "alternative.py")
FILES = (STATEMENT, "cases.py", *ANSWERS)
PROOF = "proof.json"  # written by `checklabs --write`
GIVEN = "given.py"  # optional: what the lab lends to the learner's code; it has no answers

# Lowest and highest value that an author may ask for. Units are in the names; docs/content.md explains each.
LIMIT_BOUNDS: dict[str, tuple[int, int]] = {
    "cpu_seconds": (1, 60),
    "wall_seconds": (1, 120),
    "memory_mb": (16, 4_096),
    "output_bytes": (1_024, 1_048_576),
    "answer_bytes": (1_024, 268_435_456),
    "answer_arrays": (1, 100_000),
    "answer_depth": (1, 64),
    "threads": (0, 16),
}


@dataclass(frozen=True)
class Wrong:
    """A plausible mistake: `says` tells the learner what the code behaves like, `why` what is true instead."""

    file: str
    misconception: str
    says: str
    why: str


@dataclass(frozen=True)
class Equivalent:
    """An automatic change to the model answer, by its name in `checklabs`, that leaves it right, and why."""

    mutant: str
    why: str


@dataclass(frozen=True)
class LabData:
    """Everything that a lab's folder says. `files` maps each Python file's path within the folder to its text.

    `proof` is what proof.json holds, whether it is of the lab as it is now or not; two labs may differ in it and be the
    same.
    """

    slug: str
    id: str
    number: int
    title: str
    summary: str
    topic: str
    level: str
    runtime: str
    entry: str
    minutes: int
    statement: str
    concepts: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    status: str = "published"
    limits: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()
    equivalent: tuple[Equivalent, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    proof: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def box_limits(self) -> Limits:
        return Limits(**self.limits)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the entry point's positional parameters, as the model answer has them."""
        for node in ast.parse(self.files["solution.py"]).body:
            if isinstance(node, ast.FunctionDef) and node.name == self.entry:
                return tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))
        return ()


def html(lab: LabData) -> dict[str, Any]:
    """What pages print: {"statement", "hints": […], "wrong": {file: {"says", "why"}}}, each piece safe HTML."""
    return {
        "statement": markdown.render(lab.statement).html,
        "hints": [markdown.render(hint).html for hint in lab.hints],
        "wrong": {
            wrong.file: {"says": markdown.inline(wrong.says).html, "why": markdown.render(wrong.why).html}
            for wrong in lab.wrong
        },
    }
