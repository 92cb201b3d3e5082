"""Writing a lab back to its folder: what did not change stays as its author wrote it, byte for byte."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item, Table

from codelabs.content.lab import GIVEN, STATEMENT, LabData
from codelabs.content.reading import belongs, normal
from codelabs.content.rules import RULES

# Keys that are left out where they say nothing.
_SILENT: dict[str, Any] = {
    "status": "published",
    "limits": {},
    **{key: [] for key in ("concepts", "prerequisites", "questions", "banned", "equivalent")},
}
_TABLES = {"wrong": "file", "equivalent": "mutant"}  # and the key that tells their entries apart
_LINE = 100  # characters; a longer list is written one item a line


def render(lab: LabData, toml: str = "") -> dict[str, str]:
    """The lab's files by path. `toml` is the lab.toml to keep the layout and the comments of."""
    return {"lab.toml": _toml(lab, toml), STATEMENT: lab.statement, **lab.files}


def digest(lab: LabData) -> str:
    """SHA-256 of the lab's canonical files: the same for a folder and for the rows loaded from it."""
    files = render(lab)
    return hashlib.sha256("\0".join(f"{path}\0{files[path]}" for path in sorted(files)).encode()).hexdigest()


def write(lab: LabData, folder: Path, *, tidy: bool = True) -> list[Path]:
    """Bring `folder` in line with the lab and return the paths that were written or removed.

    Without `tidy`, files that the lab does not know are left there. Raises ValueError, writing nothing, for
    a name that has no place in a lab: rows may hold what no form let in, and must never reach beyond the folder.
    """
    toml = folder / "lab.toml"
    wanted = render(lab, toml.read_text(encoding="utf-8") if toml.exists() else "")
    if strange := sorted(name for name in wanted if not belongs(name)):
        raise ValueError(f"{lab.slug}: {', '.join(strange)} has no place in a lab")
    changed: list[Path] = []
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or normal(path.read_text(encoding="utf-8")) != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    for path in sorted([*folder.glob("wrong/*.py"), *folder.glob(GIVEN)]) if tidy else ():
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
            changed.append(path)
    return changed


def _toml(lab: LabData, previous: str) -> str:
    document = tomlkit.parse(previous)
    there = document.unwrap()
    values = asdict(lab)
    for key in RULES:
        value = _plain(values[key])
        if there.get(key, _SILENT.get(key)) == value:
            continue
        if key in _SILENT and value == _SILENT[key]:
            document.remove(key)
        elif key in _TABLES:
            _put_tables(document, key, value)
        else:
            document[key] = _item(value)
    return normal(tomlkit.dumps(document))


def _put_tables(document: tomlkit.TOMLDocument, key: str, entries: list[dict[str, str]]) -> None:
    """Replace the [[wrong]] or [[equivalent]] tables; those that are unchanged keep their layout."""
    name = _TABLES[key]
    kept: dict[str, Table] = {table.unwrap()[name]: table for table in document.get(key, []) if name in table}
    tables = AoT([])
    for entry in entries:
        table = kept.get(entry[name])
        if table is None:
            table = tomlkit.table()
        for part, value in entry.items():
            if table.get(part) != value:
                table[part] = _item(value)
        tables.append(table)
    if key in document:
        document.remove(key)
    document[key] = tables


def _plain(value: Any) -> Any:
    """Tuples and mappings as TOML has them."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def _item(value: Any) -> Item:
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value)
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_item(item) for item in value)
        array.multiline(len(array.as_string()) > _LINE)
        return array
    if isinstance(value, dict):
        table = tomlkit.table()
        table.update(value)
        return table
    plain: Item = tomlkit.item(value)
    return plain
