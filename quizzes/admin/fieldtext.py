"""Form fields for what files hold in their own notation: Markdown, lists of items, tables of TOML."""

from collections.abc import Mapping
from typing import Any

from django import forms

from prepsite.lib import frontmatter
from quizzes.content import sections
from quizzes.content.fields import Field, Problems, read_table
from quizzes.content.sections import Grammar, Item, Section

STEP = 1_000_000  # a field's lines count from a base of its own, so that a problem's line tells its field


def normal(text: str) -> str:
    """Browsers send line breaks as two characters; files have one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class MarkdownWidget(forms.Textarea):
    """A text area beside which the script of the preview shows what readers will see."""

    def __init__(self, rows: int = 8, *, preview: bool = True) -> None:
        attrs: dict[str, Any] = {"rows": rows, "cols": 90, "spellcheck": "true" if preview else "false"}
        super().__init__(attrs | ({"data-preview": "markdown"} if preview else {}))


class MarkdownField(forms.CharField):
    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        options: dict[str, Any] = {"required": False, "widget": MarkdownWidget(rows)}
        super().__init__(**options | kwargs)

    def to_python(self, value: Any) -> str:
        return normal(str(super().to_python(value) or ""))


class CodeField(forms.CharField):
    """Python, kept to the character but for line breaks; it ends in one."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"required": False, "strip": False, "widget": MarkdownWidget(10, preview=False)}
        super().__init__(**options | kwargs)

    def to_python(self, value: Any) -> str:
        text = normal(str(super().to_python(value) or ""))
        return text.rstrip("\n") + "\n" if text.strip() else ""


class LinesField(forms.CharField):
    """A list of short texts, one to a line."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"required": False, "widget": MarkdownWidget(3, preview=False)}
        super().__init__(**options | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in normal(str(value or "")).split("\n")]
        return list(dict.fromkeys(line for line in lines if line))


class ItemsField(MarkdownField):
    """A list in the notation of files: “- text”, continued by indentation, with fields. Cleans to a list of Items."""

    def __init__(self, grammar: Grammar, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grammar = grammar

    def clean(self, value: Any) -> list[Item]:
        problems = Problems("")
        items = sections.items(Section("list", normal(str(value or "")).strip(), 1, 1), self.grammar, problems)
        if problems.found:
            raise forms.ValidationError([f"Line {one.line}: {one.message}." for one in problems.found])
        return items


class TableField(forms.CharField):
    """The TOML table that only one type of question has."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"required": False, "widget": MarkdownWidget(4, preview=False)}
        super().__init__(**options | kwargs)

    def to_python(self, value: Any) -> dict[str, Any]:  # type: ignore[override]
        try:
            return frontmatter.parse_toml(normal(str(value or "")))
        except frontmatter.BadToml as error:
            raise forms.ValidationError(f"Line {error.line}: {error}.") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


def table_text(spec: Mapping[str, Any], fields: tuple[Field, ...]) -> str:
    """The table of a question as its file would have it."""
    return "\n".join(frontmatter.write_value(one.name, spec[one.name]) for one in fields if one.name in spec)


def read_spec(table: Mapping[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """The values of a table. Raises ValidationError with everything that is wrong."""
    problems = Problems("")
    values = read_table(table, fields, {}, 0, problems)
    if problems.found:
        raise forms.ValidationError([f"{one.message[:1].upper()}{one.message[1:]}." for one in problems.found])
    given = {key: value for key, value in values.items() if value not in (None, "", ())}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}


def by_field(problems: Problems, bases: Mapping[str, int]) -> dict[str | None, list[str]]:
    """The sentences of the problems under the names of their fields; None for those that belong to no single one."""
    names = {base // STEP: name for name, base in bases.items()}
    found: dict[str | None, list[str]] = {}
    for problem in sorted(problems.found):
        line = problem.line % STEP
        name = names.get(problem.line // STEP) if problem.line >= STEP else None
        sentence = problem.message[:1].upper() + problem.message[1:]
        found.setdefault(name, []).append(f"Line {line}: {sentence}." if name and line > 1 else f"{sentence}.")
    return found
