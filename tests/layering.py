"""The layering rules of docs/architecture.md, read off the source: `violations(root)` lists every breach in a sentence.

Nothing is imported, so the rules hold for what a module says and not for what happens to run, and a planted breach in a
copy of the tree is found as well.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

APPS = ("prepsite", "quizzes", "codelabs")

# Rungs from the ground up. A module belongs to the first line that names it or a package around it.
LIB, PURE, MODELS, ACTS, EDGES = range(5)
RUNG_NAMES = ("lib", "pure", "models", "acts", "edges")
RUNGS: dict[str, int] = {
    "prepsite.lib": LIB,
    "quizzes.content": PURE,
    "quizzes.scheduling": PURE,
    "quizzes.readiness": PURE,
    "quizzes.fitting": PURE,
    "quizzes.pictures": PURE,
    "quizzes.searching": PURE,
    "quizzes.marking": PURE,
    "quizzes.answertext": PURE,
    "quizzes.ability": PURE,
    "quizzes.roles": PURE,
    "quizzes.passages": PURE,
    "quizzes.mocks.script": PURE,
    "quizzes.mocks.habits": PURE,
    "codelabs.content": PURE,
    "codelabs.comparing": PURE,
    "codelabs.verdict": PURE,
    "codelabs.diagnosis": PURE,
    "codelabs.paper": PURE,
    "codelabs.heatmap": PURE,
    "codelabs.showing": PURE,
    "codelabs.mutants": PURE,
    "codelabs.proofs": PURE,
    "codelabs.revision": PURE,
    "codelabs.sandbox": PURE,
    "codelabs.labkit": PURE,
    "prepsite.accounts.zones": PURE,
    "prepsite.accounts.models": MODELS,
    "prepsite.settings": EDGES,
    "prepsite.serving": EDGES,
    "prepsite.celery": EDGES,
    "prepsite.wsgi": EDGES,
    "prepsite.context": EDGES,
    "prepsite.health": EDGES,
    "prepsite.preview": EDGES,
    "prepsite.refusals": EDGES,
    "quizzes.trial": EDGES,
    "prepsite.accounts.adapter": EDGES,
}
# In any app or sub-package, these names say their rung themselves. Everything else is an act.
RUNG_OF_NAME = {"models": MODELS} | dict.fromkeys(
    ("forms", "views", "urls", "admin", "tasks", "management", "apps", "templatetags"), EDGES
)

SEE_BOTH = {"prepsite.study", "prepsite.publishing"}
GROUND = ("prepsite.lib", "codelabs.sandbox")  # know nothing of the houses above, so seeing one is not seeing a house
# An act may put a task on the queue, and only this one does.
QUEUES = {("codelabs.submitting", "codelabs.tasks")}
# What translates HTTP, or acts behind the scenes: only the edges speak it, and nobody uses signals.
HTTP = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages", "django_htmx")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
BANNED_NAMES = {"utils", "util", "helpers", "common", "services", "managers", "misc"}
LINES_AT_MOST = 320
# Imports of the project's own modules inside functions, each with its reason beside it in the source.
LATE_IMPORTS = {"codelabs.sandbox.zygote"}
# What reads the clock or the dice, by its origin, however it was imported or renamed. Below views, tasks and commands
# both are passed in. A reference is enough: `default=timezone.now` reads the clock as surely as a call.
CLOCK = {
    "time.time",
    "time.time_ns",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "django.utils.timezone.now",
    "django.utils.timezone.localtime",
    "django.utils.timezone.localdate",
    "django.db.models.functions.Now",
    "django.db.models.functions.datetime.Now",
}
DICE = {
    "random.SystemRandom",
    "os.urandom",
    "secrets",
    "numpy.random.seed",
    "numpy.random.rand",
    "numpy.random.randn",
} | {
    f"random.{name}"
    for name in ("random", "choice", "choices", "shuffle", "sample", "randint", "randrange", "uniform", "seed")
}
OWN_CLOCK_AND_DICE = "codelabs.sandbox"  # its limits are about time, and its children start with fresh dice


@dataclass
class Module:
    name: str
    path: Path
    tree: ast.Module
    imports: list[tuple[str, int]] = field(default_factory=list)  # absolute dotted name, line; type-only ones left out
    late: list[tuple[str, int]] = field(default_factory=list)  # those inside functions

    def within(self, package: str) -> bool:
        return inside(self.name, package)


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rung(name: str) -> int:
    if name in APPS:
        return EDGES  # what an app's own folder says on being imported serves whoever starts it
    for package, found in RUNGS.items():
        if inside(name, package):
            return found
    return next((RUNG_OF_NAME[part] for part in name.split(".") if part in RUNG_OF_NAME), ACTS)


def modules(root: Path) -> list[Module]:
    files = [path for app in APPS for path in sorted((root / app).rglob("*.py")) if "migrations" not in path.parts]
    return [read(root, path) for path in files]


def read(root: Path, path: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    module = Module(name, path, ast.parse(path.read_text(), str(path)))
    _collect(module, module.tree, late=False)
    return module


def _collect(module: Module, node: ast.AST, *, late: bool) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for other in child.orelse:
                _collect(module, other, late=late)
            continue
        for name in _imported(module, child):
            (module.late if late else module.imports).append((name, child.lineno))  # type: ignore[attr-defined]
        _collect(module, child, late=late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def _imported(module: Module, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = module.name.split(".")
            if module.path.name != "__init__.py":
                package = package[:-1]
            package = package[: len(package) - node.level + 1]
            base = ".".join([*package, base] if base else package)
        # `from package import module` names a module, `from module import thing` does not: the longer name serves both.
        yield from (f"{base}.{alias.name}" for alias in node.names)


def violations(root: Path) -> list[str]:
    return [sentence for module in modules(root) for sentence in violations_of(root, module)]


def violations_of(root: Path, module: Module) -> list[str]:
    return [f"{module.path.relative_to(root)}:{line}: {what}" for line, what in _of_module(module)]


def _of_module(module: Module) -> Iterator[tuple[int, str]]:
    yield from _names_and_size(module)
    for name, line in module.imports + module.late:
        yield from _of_import(module, name, line)
    for name, line in module.late:
        if name.split(".")[0] in APPS and module.name not in LATE_IMPORTS:
            yield line, f"imports {name} inside a function; mend the cycle it dodges"
    houses = [name for name, _ in module.imports + module.late if not any(inside(name, ground) for ground in GROUND)]
    seen = {name.split(".")[0] for name in houses}
    if {"quizzes", "codelabs"} <= seen and not any(inside(module.name, bridge) for bridge in SEE_BOTH):
        yield 1, "sees quizzes and codelabs; only prepsite.study and prepsite.publishing may"
    if rung(module.name) < EDGES and not module.within(OWN_CLOCK_AND_DICE):
        yield from _clock_and_dice(module)


def _names_and_size(module: Module) -> Iterator[tuple[int, str]]:
    if banned := BANNED_NAMES & set(module.name.split(".")):
        yield 1, f"is named {', '.join(banned)}: name it for its idea"
    lines = module.path.read_text().count("\n")
    if lines > LINES_AT_MOST:
        yield lines, f"has {lines} lines; split it by idea"


def _of_import(module: Module, name: str, line: int) -> Iterator[tuple[int, str]]:
    app, target = module.name.split(".")[0], name.split(".")[0]
    here = rung(module.name)
    if here == PURE and target in {"django", "allauth", "celery", "csp", "django_htmx"}:
        yield line, f"is pure and imports {name}"
    if here < EDGES and any(inside(name, package) for package in HTTP) and module.name != "prepsite.lib.requests":
        yield line, f"imports {name}; only the edges speak HTTP"
    if any(inside(name, package) for package in SIGNALS):
        yield line, f"imports {name}; what happens is called by name, not by signal"
    if target == "torch" and not module.within("codelabs.sandbox"):
        yield line, "imports torch; only zygotes of the sandbox do"
    if target in {"tests", "fixtures", "benchmarks"}:
        yield line, f"imports {name}, which the site never needs"
    if target not in APPS:
        return
    if {app, target} == {"quizzes", "codelabs"}:
        yield line, f"{app} imports {name}"
    if app in {"quizzes", "codelabs"} and target == "prepsite" and not inside(name, "prepsite.lib"):
        yield line, f"{app} imports {name}; of prepsite it may know prepsite.lib alone"
    if inside(module.name, "prepsite.lib") and not inside(name, "prepsite.lib"):
        yield line, f"prepsite.lib imports {name}; it is the ground"
    for package in ("codelabs.sandbox", "codelabs.labkit"):
        if module.within(package) and not inside(name, package):
            yield line, f"{package} imports {name}; it knows nothing of the project but itself"
    if here == PURE and inside(name, "prepsite.lib.versioned"):
        yield line, "is pure and imports tables"
    there = rung(name)
    if there > here and not any(module.within(act) and inside(name, task) for act, task in QUEUES):
        yield line, f"is on the rung {RUNG_NAMES[here]} and imports {name} from {RUNG_NAMES[there]} above it"


def _clock_and_dice(module: Module) -> Iterator[tuple[int, str]]:
    for origin, line in _references(module.tree):
        if origin in CLOCK:
            yield line, f"reads the clock by {origin}: take the time as an argument"
        if origin in DICE or origin.split(".")[0] == "secrets":
            yield line, f"rolls global dice by {origin}: take a random.Random as an argument"


def _references(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every name or dotted chain, traced through imports and plain renamings to where it comes from."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (origin := _origin(node.value, known)):
            known |= {target.id: origin for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (origin := _origin(node, known)):
            yield origin, node.lineno


def _origin(node: ast.AST, known: dict[str, str]) -> str:
    """`t.time` after `import time as t` is time.time; an empty string for what no import explains."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute) and (base := _origin(node.value, known)):
        return f"{base}.{node.attr}"
    return ""
