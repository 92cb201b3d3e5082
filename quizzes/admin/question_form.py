"""The form of a question and of its choices and rubric points: what files must be, these must be as well."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from prepsite.lib import frontmatter
from prepsite.lib.names import unknown
from quizzes.admin.fieldtext import (
    STEP,
    CodeField,
    ItemsField,
    LinesField,
    MarkdownField,
    TableField,
    by_field,
    read_spec,
    table_text,
)
from quizzes.content import prose, sections, standards
from quizzes.content import question as question_file
from quizzes.content.data import ChoiceData, FollowUp, Place, QuestionData, RedFlag, RubricData
from quizzes.content.fields import Problems
from quizzes.models import Choice, Misconception, Question, RubricPoint

_TEXTS = ("prompt", "answer_short", "answer_medium", "answer_long", "signal")
# Where each part of a question stands in the form: its field, under the name by which problems call it.
_FIELD_OF = {name: name for name in _TEXTS} | {
    "Red flags": "red_flags",
    "Follow-ups": "follow_ups",
    "conventions": "conventions",
    "references": "references",
    "numeric": "table",
    "bug": "table",
}


def unknown_misconceptions(slugs: Iterable[str]) -> list[str]:
    named = {slug for slug in slugs if slug}
    return sorted(named - set(Misconception.objects.filter(slug__in=named).values_list("slug", flat=True)))


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    prompt = MarkdownField(help_text="Markdown with $TeX$. A cloze question marks its gaps {{answer|other answer}}.")
    answer_short = MarkdownField(label="30-second answer", help_text="Of marked types: the explanation.")
    answer_medium = MarkdownField(label="2-minute answer", rows=12)
    answer_long = MarkdownField(label="5-minute answer", rows=16)
    signal = MarkdownField(label="What interviewers listen for", rows=3)
    red_flags = ItemsField(
        question_file.RED_FLAGS, help_text="“- Says that …”, and below it, indented by two, “Misconception: its-slug”."
    )
    follow_ups = ItemsField(
        question_file.FOLLOW_UPS,
        rows=8,
        help_text="“- And if …?”, and below it, indented by two, “Answer: …”; open questions want three.",
    )
    conventions = LinesField(help_text="One to a line.")
    references = LinesField(help_text="One to a line.")
    labs = LinesField(help_text="Slugs of related labs, one to a line.")
    table = TableField(
        label="Only of its type",
        help_text="TOML. Number: value, tolerance or relative, unit. Output: expected, accept. Bug: lines.",
    )
    check_source = CodeField(label="Receipt", help_text=Question._meta.get_field("check_source").help_text)

    class Meta:
        model = Question
        fields = (
            "title", "slug", "status", "topic", "concepts", "kind", "level", "facet", "performance", "minutes", "order",
            "prompt", "answer_short", "answer_medium", "answer_long", "signal", "check_source",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Question = self.instance
        self.fields["concepts"].required = True
        if row.pk:
            flags = [
                sections.write_item(flag["text"], fields=[("Misconception", flag["misconception"])])
                for flag in row.red_flags
            ]
            self.initial.update(
                {
                    "red_flags": "\n".join(flags),
                    "follow_ups": "\n".join(
                        sections.write_item(one["text"], fields=[("Answer", one["answer"])]) for one in row.follow_ups
                    ),
                    "conventions": row.conventions,
                    "references": row.references,
                    "labs": row.labs,
                    "table": table_text(row.spec, question_file.TABLES.get(row.kind, ())),
                }
            )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        spec = self._spec(values)
        if "labs" in self.changed_data:
            for sentence in unknown("lab", values.get("labs") or []):
                self.add_error("labs", sentence)
        if not self.errors:
            self._check(values, spec)
            self.instance.spec = spec
        # What the model holds, in place of what was read: Django now takes these values over into the row, and looks
        # them over even where another field is wrong.
        flags, follow_ups = values.get("red_flags", []), values.get("follow_ups", [])
        values["red_flags"] = [{"text": one.text, "misconception": one.value("Misconception")} for one in flags]
        values["follow_ups"] = [{"text": one.text, "answer": one.value("Answer")} for one in follow_ups]
        return values

    def _spec(self, values: dict[str, Any]) -> dict[str, Any]:
        kind, table = values.get("kind"), values.get("table")
        if kind is None or table is None:
            return {}
        if kind not in question_file.TABLES:
            if table:
                self.add_error("table", "A question of this type has no table.")
            return {}
        try:
            return read_spec(table, question_file.TABLES[kind])
        except forms.ValidationError as error:
            self.add_error("table", error)
            return {}

    def _check(self, values: dict[str, Any], spec: dict[str, Any]) -> None:
        """Everything but choices and rubric, which are checked with their own forms."""
        bases = {name: number * STEP for number, name in enumerate(sorted(set(_FIELD_OF.values())), start=1)}
        lines = {name: bases[field] + 1 for name, field in _FIELD_OF.items()}
        problems = Problems("")
        for name in _TEXTS:
            if sections.level_one_heading(values[name]):
                problems.add(
                    bases[name], "begin headings with two number signs; a single one parts the sections of a file"
                )
        data = replace(
            self.data_without_parts(values, spec),
            red_flags=tuple(
                RedFlag(one.text, one.value("Misconception"), bases["red_flags"] + one.line)
                for one in values["red_flags"]
            ),
            follow_ups=tuple(
                FollowUp(one.text, one.value("Answer"), bases["follow_ups"] + one.line) for one in values["follow_ups"]
            ),
            place=Place("", lines),
        )
        standards.check_answers(data, problems)
        standards.check_type(data, problems)
        standards.check_texts(data, problems)
        standards.check_receipt(data.check_source, data.place, problems)
        for slug in unknown_misconceptions(flag.misconception for flag in data.red_flags):
            problems.add(bases["red_flags"], f"unknown misconception “{slug}”")
        receipts = Problems("")
        receipts.found = [one for one in problems.found if one.file]
        problems.found = [one for one in problems.found if not one.file]
        for one in receipts.found:
            self.add_error("check_source", f"Line {one.line}: {one.message}.")
        if not problems.found:
            self._check_round_trip(data)
        for field, sentences in by_field(problems, bases).items():
            self.add_error(field, [forms.ValidationError(sentence) for sentence in sentences])

    def data_without_parts(self, values: dict[str, Any], spec: dict[str, Any]) -> QuestionData:
        row: Question = self.instance
        return QuestionData(
            id=str(row.uuid),
            topic=values["topic"].slug,
            concepts=tuple(sorted(concept.slug for concept in values["concepts"])),
            conventions=tuple(values["conventions"]),
            references=tuple(values["references"]),
            labs=tuple(values["labs"]),
            spec=spec,
            **{name: values[name] for name in ("title", "slug", "kind", "level", "facet", "performance", "minutes")},
            **{name: values[name] for name in ("order", "status", "check_source", *_TEXTS)},
        )

    def _check_round_trip(self, data: QuestionData) -> None:
        """What is saved must be what the file says when it is read again."""
        problems = Problems("")
        try:
            again = question_file.parse(frontmatter.documents(question_file.write(data))[0], data.slug, problems)
        except frontmatter.BadToml as error:
            problems.add(0, str(error))
            again = None
        if problems.found:
            self.add_error(None, [f"As a file this would be broken: {one.message}." for one in problems.found])
        elif again is not None and replace(again, check_source=data.check_source) != data:
            self.add_error(None, "As a file this would say something else: look for a line of three plus signs.")


class _PartForm(forms.ModelForm):  # type: ignore[type-arg]
    text = MarkdownField(rows=3, required=True)

    def clean_misconception(self) -> str:
        slug: str = self.cleaned_data["misconception"]
        if unknown_misconceptions([slug]):
            raise forms.ValidationError(f"There is no misconception “{slug}”.")
        return slug

    def check(self, item: str, grammar: sections.Grammar, texts: dict[str, str]) -> None:
        """The part as an item of its file, and its texts as readers will see them."""
        problems = Problems("")
        sections.items(sections.Section("list", item, 1, 1), grammar, problems)
        for sentence in dict.fromkeys(one.message for one in problems.found):
            self.add_error("text", f"{sentence[:1].upper()}{sentence[1:]}.")
        for field, text in texts.items():
            found = Problems("")
            prose.check(text, 1, found)
            for one in found.found:
                self.add_error(field, f"{one.message[:1].upper()}{one.message[1:]}.")


class ChoiceForm(_PartForm):
    why = MarkdownField(rows=3, required=True)

    class Meta:
        model = Choice
        fields = ("order", "key", "correct", "text", "why", "misconception")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            fields = [("Why", values["why"]), ("Misconception", values["misconception"])]
            item = sections.write_item(values["text"], key=values["key"], marked=values["correct"], fields=fields)
            self.check(item, question_file.CHOICES, {"text": values["text"], "why": values["why"]})
        return values


class RubricForm(_PartForm):
    class Meta:
        model = RubricPoint
        fields = ("order", "key", "weight", "line", "dimension", "text", "misconception")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            fields = [("Weight", str(values["weight"])), ("Line", values["line"]), ("Dimension", values["dimension"])]
            item = sections.write_item(values["text"], key=values["key"], fields=fields)
            self.check(item, question_file.RUBRIC, {"text": values["text"]})
        return values


class _PartFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The parts as a whole; `instance` is the question as its own form has just read it."""

    def kept(self) -> list[dict[str, Any]]:
        forms_kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.has_changed() | bool(form.instance.pk)
        ]
        return [form.cleaned_data for form in forms_kept if form.cleaned_data.get("key")]

    def question(self) -> QuestionData:
        row: Question = self.instance
        return QuestionData("", "", "", "", (), row.kind, row.level, "", "", status=row.status)

    def refuse(self, problems: Problems) -> None:
        if problems.found:
            raise forms.ValidationError([f"{one.message[:1].upper()}{one.message[1:]}." for one in problems.found])


class ChoiceFormSet(_PartFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.kind:
            return
        problems = Problems("")
        choices = tuple(ChoiceData(one["key"], one["text"], one["correct"], one["why"]) for one in self.kept())
        standards.check_choices(replace(self.question(), choices=choices), problems)
        self.refuse(problems)


class RubricFormSet(_PartFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.kind:
            return
        problems = Problems("")
        points = tuple(RubricData(one["key"], one["text"], one["weight"], one["line"]) for one in self.kept())
        standards.check_rubric(replace(self.question(), rubric=points), problems)
        self.refuse(problems)
