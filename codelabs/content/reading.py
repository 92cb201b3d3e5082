"""Reading a lab strictly: unknown keys, missing files, wrong types and bad syntax are all found in one go, with lines.

Python files are parsed for their syntax and for the name that they define; they only ever run inside the sandbox.
"""

import ast
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from codelabs.content.lab import FEWEST_WRONG, FILES, GIVEN, LIMIT_BOUNDS, PROOF, STATEMENT, Equivalent, LabData, Wrong
from codelabs.content.rules import RULES, SLUG
from prepsite.lib import markdown
from prepsite.lib.problems import Problem


def read(folder: Path) -> tuple[LabData | None, list[Problem]]:
    """The lab in `folder`, or None with every problem found. The folder's name is the slug."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or "__pycache__" in path.parts:
            continue
        if not belongs(name):
            problems.append(Problem(str(path), 0, "this file has no place in a lab"))
            continue
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            problems.append(Problem(str(path), 0, f"is not UTF-8 (byte {error.start})"))
    lab, more = parse(folder.name, texts, where=str(folder))
    problems += more
    return (None if problems else lab), sorted(problems)


def belongs(name: str) -> bool:
    """Whether a lab may have a file of this name. Names come from forms as well as from folders."""
    return name in (*FILES, GIVEN, PROOF, "lab.toml") or re.fullmatch(r"wrong/[A-Za-z0-9_]+\.py", name) is not None


def identities(root: Path) -> tuple[dict[str, Path], list[Problem]]:
    """The folder of each lab below `root` by its id, sound or not, and the files that keep a lab from being known."""
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
        toml = folder / "lab.toml"
        for path in files:
            try:
                text = path.read_text(encoding="utf-8")
                if path == toml:
                    found.setdefault(str(tomllib.loads(text)["id"]), folder)
            except UnicodeDecodeError as error:
                problems.append(Problem(str(path), 0, f"is not UTF-8 (byte {error.start})"))
            except tomllib.TOMLDecodeError as error:
                problems.append(Problem(str(path), 0, f"is not TOML: {error}"))
            except KeyError:
                problems.append(Problem(str(path), 0, "'id' is missing"))
        if files and toml not in files:
            problems.append(Problem(str(toml), 0, "is missing"))
    return found, problems


def parse(slug: str, texts: Mapping[str, str], where: str = "") -> tuple[LabData | None, list[Problem]]:
    """A lab from its files' texts by path ("lab.toml", "wrong/….py", …); `where` is their folder's name."""
    check = _Check(where or slug, {path: normal(text) for path, text in texts.items()})
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 80:
        check.problem("", f"{slug!r} is not a slug: lower-case letters, digits and single hyphens", file="")
    for name in check.texts:
        if not belongs(name):
            check.problem("", "this file has no place in a lab", file=name)
    for name in ("lab.toml", *FILES):
        if not check.texts.get(name, "").strip():
            check.problem("", "is empty" if name in check.texts else "is missing", file=name)
    values = check.table()
    wrong = check.wrong(values.pop("wrong", []))
    equivalent = check.equivalent(values.pop("equivalent", []))
    proof = check.proof()
    entry = str(values.get("entry", ""))
    for name, text in sorted(check.texts.items()):
        if name.endswith(".py"):
            check.python(name, text, {"cases.py": "cases", GIVEN: ""}.get(name, entry))
    check.statement()
    if values.get("status", "published") == "published" and len(wrong) < FEWEST_WRONG:
        check.problem("wrong", f"a published lab needs at least {FEWEST_WRONG} wrong solutions; it has {len(wrong)}")
    if check.problems:
        return None, sorted(set(check.problems))
    files = {name: text for name, text in sorted(check.texts.items()) if name.endswith(".py")}
    statement = check.texts[STATEMENT]
    return LabData(
        slug=slug, statement=statement, wrong=wrong, equivalent=equivalent, files=files, proof=proof, **values
    ), []


def normal(text: str) -> str:
    """Line ends and the end of the file as files here have them, so that a form's text compares with a file's."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return text + "\n" if text else ""


TABLES = ("wrong", "equivalent")


class _Check:
    """Collects the problems of one lab. Lines are found by looking for the key, since TOML readers drop positions."""

    def __init__(self, where: str, texts: Mapping[str, str]) -> None:
        self.where = where
        self.texts = texts
        self.problems: list[Problem] = []

    def problem(self, key: str, message: str, *, file: str = "lab.toml", line: int = 0, after: int = 0) -> None:
        place = f"{self.where}/{file}" if file else self.where
        self.problems.append(Problem(place, line or (self._line(key, after) if key else 0), message))

    def _line(self, key: str, after: int = 0) -> int:
        lines = self.texts.get("lab.toml", "").splitlines()
        pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\])")
        return next((n for n, text in enumerate(lines, 1) if n > after and pattern.match(text)), after)

    def table(self) -> dict[str, Any]:
        """The values of lab.toml, each of the right type; what is wrong is left out and noted."""
        try:
            raw = tomllib.loads(self.texts.get("lab.toml", ""))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            self.problem("", f"is not TOML: {error}", line=int(at[1]) if at else 0)
            return {}
        for key in raw.keys() - RULES.keys():
            self.problem(key, f"unknown key {key!r}")
        values: dict[str, Any] = {}
        for key, rule in RULES.items():
            if key not in raw:
                if rule.required and self.texts.get("lab.toml"):
                    self.problem("", f"{key!r} is missing")
            elif (complaint := rule.complaint(raw[key])) is not None:
                self.problem(key, f"{key}: {complaint}")
            else:
                values[key] = tuple(raw[key]) if isinstance(raw[key], list) and key not in TABLES else raw[key]
        for hint in values.get("hints", ()):
            self.rendered("hints", "hint", hint)
        if isinstance(limits := values.get("limits"), dict):
            self.limits(limits)
        return values

    def limits(self, limits: dict[str, Any]) -> None:
        table = self._line("limits")
        for key, value in limits.items():
            if key not in LIMIT_BOUNDS:
                self.problem(key, f"unknown limit {key!r}; known are {', '.join(LIMIT_BOUNDS)}", after=table)
                continue
            low, high = LIMIT_BOUNDS[key]
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                self.problem(key, f"{key} must be a whole number from {low} to {high}", after=table)

    def wrong(self, entries: list[Any]) -> tuple[Wrong, ...]:
        """The [[wrong]] tables, checked against the files in wrong/."""
        good: list[Wrong] = []
        seen: set[str] = set()
        line = 0
        for entry in entries:
            line = self._line("wrong", line)
            keys = [item.name for item in fields(Wrong)]
            for key in entry.keys() - set(keys):
                self.problem(key, f"unknown key {key!r} in [[wrong]]", after=line)
            bad = [key for key in keys if not isinstance(entry.get(key), str) or not entry[key].strip()]
            for key in bad:
                self.problem("", f"[[wrong]] needs {key!r}, a text", line=line)
            if bad:
                continue
            if not re.fullmatch(SLUG, entry["misconception"]):
                self.problem("misconception", f"{entry['misconception']!r} is not a slug", after=line)
            if entry["file"] in seen:
                self.problem("", f"{entry['file']} is described twice", line=line)
            elif entry["file"] not in self.texts or not entry["file"].startswith("wrong/"):
                self.problem("", f"there is no file {entry['file']!r}; paths look like 'wrong/name.py'", line=line)
            seen.add(entry["file"])
            for key in ("says", "why"):
                self.rendered("", key, entry[key], line=line)
            good.append(Wrong(**{key: entry[key] for key in keys if key in entry}))
        for name in self.texts:
            if name.startswith("wrong/") and name not in seen:
                self.problem("", "has no [[wrong]] entry in lab.toml", file=name)
        return tuple(good)

    def equivalent(self, entries: list[Any]) -> tuple[Equivalent, ...]:
        """The [[equivalent]] tables; whether there are such mutants is for the proof to say."""
        good: list[Equivalent] = []
        line = 0
        for entry in entries:
            line = self._line("equivalent", line)
            texts = all(isinstance(entry.get(key), str) and entry[key].strip() for key in ("mutant", "why"))
            if entry.keys() != {"mutant", "why"} or not texts:
                self.problem("", "[[equivalent]] has two texts, 'mutant' and 'why', and nothing else", line=line)
            elif entry["mutant"] in {one.mutant for one in good}:
                self.problem("", f"{entry['mutant']!r} is explained twice", line=line)
            else:
                good.append(Equivalent(entry["mutant"], entry["why"]))
        return tuple(good)

    def proof(self) -> dict[str, Any]:
        """What proof.json holds; whether it is still of this lab is not asked here."""
        try:
            found = json.loads(self.texts.get(PROOF, "") or "{}")
        except (ValueError, RecursionError) as error:
            self.problem("", f"is not JSON: {error}", file=PROOF)
            return {}
        if not isinstance(found, dict):
            self.problem("", "is not an object", file=PROOF)
            return {}
        return found

    def python(self, name: str, text: str, defines: str) -> None:
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            self.problem("", f"does not parse: {error.msg}", file=name, line=error.lineno or 0)
        except (ValueError, RecursionError, MemoryError) as error:
            self.problem("", f"does not parse: {error or type(error).__name__}", file=name)
        else:
            if defines and text.strip() and defines not in _defined(tree):
                self.problem("", f"does not define {defines!r}", file=name)

    def statement(self) -> None:
        for line, message in markdown.render(self.texts.get(STATEMENT, "")).problems:
            self.problem("", message, file=STATEMENT, line=line)

    def rendered(self, key: str, what: str, text: str, *, line: int = 0) -> None:
        for _, message in markdown.render(text).problems:
            self.problem(key, f"{what}: {message}", line=line)


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    return names
