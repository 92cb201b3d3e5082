"""Labs in the admin: the same checks as for files, edits that loading does not overwrite, and the proof."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from codelabs import content
from codelabs.loading import data_of, mark_edited
from codelabs.models import Lab, LabFile, Submission
from codelabs.proving import proof, prove
from codelabs.sandbox import Unavailable
from prepsite.lib.names import unknown

_NAMES = {"topic": "topic", "concepts": "concept", "questions": "question", "prerequisites": "lab"}


class LabForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Lab
        fields = (
            "slug",
            "number",
            "title",
            "summary",
            "status",
            "topic",
            "concepts",
            "level",
            "runtime",
            "entry",
            "minutes",
            "prerequisites",
            "questions",
            "limits",
            "banned",
            "statement",
            "hints",
            "wrong",
            "equivalent",
        )
        widgets = {
            "statement": forms.Textarea(
                attrs={"rows": 30, "cols": 110, "spellcheck": "true", "data-preview": "markdown"}
            )
        }

    def clean(self) -> dict[str, Any]:
        """Only the shape of the JSON fields; what they say is checked with the files, as one lab."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("concepts", "prerequisites", "questions", "banned", "hints"):
            value = data.get(name, [])
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                self.add_error(name, 'This is a list of texts, such as ["one", "two"].')
        if not isinstance(data.get("limits", {}), dict):
            self.add_error("limits", 'This is an object, such as {"cpu_seconds": 5}.')
        wrong = data.get("wrong", [])
        if not isinstance(wrong, list) or not all(isinstance(entry, dict) for entry in wrong):
            self.add_error("wrong", 'This is a list of objects with "file", "misconception", "says" and "why".')
        equivalent = data.get("equivalent", [])
        if not isinstance(equivalent, list) or not all(
            isinstance(entry, dict) and entry.keys() == {"mutant", "why"} for entry in equivalent
        ):
            self.add_error("equivalent", 'This is a list of objects with "mutant" and "why".')
        self._check_references(data)
        return data

    def _check_references(self, data: dict[str, Any]) -> None:
        """What was changed here must name what there is, as in a file."""
        for name, kind in _NAMES.items():
            value = data.get(name) or []
            if name in self.changed_data and name not in self.errors:
                for sentence in unknown(kind, [value] if isinstance(value, str) else value):
                    self.add_error(name, sentence)


class LabFileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LabFile
        fields = ("path", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 16, "cols": 110, "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].strip = False  # type: ignore[attr-defined]


class LabFiles(BaseInlineFormSet):  # type: ignore[type-arg]
    """The files' forms; they see the lab's new values as well, so the lab as a whole is checked here."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.slug:
            return  # what is missing is said beside its field
        files = [
            LabFile(path=form.cleaned_data["path"], text=form.cleaned_data["text"])
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        lab = data_of(self.instance, files)
        _, problems = content.parse(lab.slug, content.render(lab))
        if problems:
            raise forms.ValidationError([str(problem) for problem in problems])


class LabFileInline(admin.StackedInline):  # type: ignore[type-arg]
    model = LabFile
    form = LabFileForm
    formset = LabFiles
    extra = 0


@admin.register(Lab)
class LabAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = LabForm
    inlines = (LabFileInline,)
    list_display = ("number", "title", "topic", "level", "runtime", "status", "version", "edited_here", "proven")
    list_display_links = ("title",)
    list_filter = ("status", "topic", "level", "runtime", "edited_here")
    search_fields = ("slug", "title", "summary", "statement", "files__text")
    readonly_fields = ("uuid", "version", "edited_here", "updated_at", "proof_report")
    actions = ("prove_labs",)
    save_on_top = True

    def save_model(self, request: HttpRequest, obj: Lab, form: Any, change: bool) -> None:
        form.digest_before = content.digest(data_of(Lab.objects.get(pk=obj.pk))) if change else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Everything of the lab is stored by now; if its content is another one, this is a new version.

        Contents are compared, since a browser's line ends make every text look changed.
        """
        super().save_related(request, form, formsets, change)
        if content.digest(data_of(Lab.objects.get(pk=form.instance.pk))) != form.digest_before:
            mark_edited(form.instance, new=not change)

    @admin.action(description="Prove this lab", permissions=["change"])
    def prove_labs(self, request: HttpRequest, queryset: QuerySet[Lab]) -> None:
        """One lab at a time: this runs while the browser waits, and holds up the process that serves it."""
        if queryset.count() > 1:
            said = "Nothing was proven: choose one lab at a time. “manage.py checklabs” proves the files of all."
            self.message_user(request, said, messages.WARNING)
            return
        lab = queryset.get()
        data = data_of(lab)
        try:
            checks = list(prove(data, seed=secrets.randbits(32)))
        except Unavailable as absent:
            said = f"{lab}: not proven, for this host cannot run it. {absent.reason}"
            self.message_user(request, said, messages.WARNING)
            return
        Lab.objects.filter(pk=lab.pk).update(proof=proof(data, checks, version=lab.version, at=timezone.now()))
        wrong = [f"{check.file}: {check.problem}" for check in checks if check.problem]
        level = messages.ERROR if wrong else messages.SUCCESS
        self.message_user(request, f"{lab}: {'; '.join(wrong) or f'all {len(checks)} checks hold.'}", level)

    @admin.display(description="proven", boolean=True)
    def proven(self, lab: Lab) -> bool | None:
        """None until this very version has been put to the proof."""
        return lab.proof.get("holds") if lab.proof.get("version") == lab.version else None

    @admin.display(description="Last proof")
    def proof_report(self, lab: Lab) -> SafeString | str:
        if not lab.proof:
            return "Not proven yet: choose this lab in the list and run “Prove this lab”."
        problems = format_html_join("", "<li>{}</li>", ((problem,) for problem in lab.proof["problems"]))
        return format_html(
            "Version {}: {}; {} of {} known mistakes refused and named.<ul>{}</ul>",
            lab.proof["version"],
            lab.proof["cases"],
            lab.proof["refused"],
            lab.proof["mistakes"],
            problems,
        )


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at, not to change: a verdict is a record."""

    list_display = ("created_at", "lab", "user", "kind", "status", "verdict", "misconception")
    list_filter = ("status", "verdict", "kind", "lab")
    search_fields = ("uuid", "user__email", "misconception")
    list_select_related = ("lab", "user")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False
