"""coverage.toml: each row of the curriculum and the content that it points at, as frozen rows and problems."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prepsite.lib import frontmatter
from prepsite.lib.problems import Problem

FILE = "coverage.toml"
ITEMS = tuple(f"F{number:02d}" for number in range(1, 44)) + tuple(f"D{number:02d}" for number in range(1, 18))
ERRORS = tuple(f"E{number:02d}" for number in range(1, 52))
# What a row may point at, in the order in which it is shown. Cards are named by their parent: “deck--card”.
KINDS = ("questions", "guides", "labs", "decks", "cards", "topics", "pages")


@dataclass(frozen=True)
class Row:
    """One row: `points` holds the slugs by kind, `misconceptions` the mistakes that an error row is about."""

    id: str
    item: str
    points: dict[str, tuple[str, ...]]
    misconceptions: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def is_error(self) -> bool:
        return self.id in ERRORS


@dataclass(frozen=True)
class Mapping:
    """`core` are the concepts that must be there in all four performances; `file` is empty where there is none."""

    rows: tuple[Row, ...] = ()
    core: tuple[str, ...] = ()
    file: str = ""


def read(root: Path) -> tuple[Mapping, list[Problem]]:
    """The mapping below `root` and what is wrong with the file itself. Without a file there is nothing to hold."""
    path = root / FILE
    if not path.exists():
        return Mapping(), []
    name = f"{root.name}/{FILE}"
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        table = frontmatter.parse_toml(text)
    except frontmatter.BadToml as error:
        return Mapping(file=name), [Problem(name, error.line, str(error))]
    lines = [one.line for one in frontmatter.tables(text) if one.name == "row"]
    problems: list[Problem] = []
    rows = tuple(
        row
        for values, line in zip(_tables(table.get("row")), lines, strict=False)
        if (row := _row(values, name, line, problems))
    )
    problems += [Problem(name, 0, f"unknown key “{key}”") for key in table if key not in ("row", "core")]
    core = _slugs(table.get("core", []), "core", name, 0, problems)
    problems += _which_rows(rows, name)
    return Mapping(rows, core, name), problems


def _tables(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _row(values: dict[str, Any], name: str, line: int, problems: list[Problem]) -> Row | None:
    known = ("id", "item", "misconceptions", *KINDS)
    problems += [Problem(name, line, f"unknown key “{key}”") for key in values if key not in known]
    for key in ("id", "item"):
        if not isinstance(values.get(key), str) or not values[key].strip():
            problems.append(Problem(name, line, f"the row has no “{key}”"))
            return None
    points = {kind: _slugs(values[kind], kind, name, line, problems) for kind in KINDS if kind in values}
    mistakes = _slugs(values.get("misconceptions", []), "misconceptions", name, line, problems)
    return Row(values["id"], values["item"], points, mistakes, line)


def _slugs(value: Any, key: str, name: str, line: int, problems: list[Problem]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        problems.append(Problem(name, line, f"“{key}” must be a list of texts"))
        return ()
    return tuple(value)


def _which_rows(rows: tuple[Row, ...], name: str) -> Iterator[Problem]:
    """Every row of the curriculum once, and no other."""
    seen: set[str] = set()
    for row in rows:
        if row.id not in (*ITEMS, *ERRORS):
            yield Problem(name, row.line, f"the curriculum has no row {row.id}")
        elif row.id in seen:
            yield Problem(name, row.line, f"the row {row.id} is there twice")
        seen.add(row.id)
    missing = [one for one in (*ITEMS, *ERRORS) if one not in seen]
    if missing:
        yield Problem(name, 0, f"rows are missing: {', '.join(missing)}")
