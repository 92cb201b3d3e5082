"""Questions in the admin, with their choices and rubric."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quizzes import editing
from quizzes.admin.question_form import ChoiceForm, ChoiceFormSet, QuestionForm, RubricForm, RubricFormSet
from quizzes.models import Choice, Question, RubricPoint


class ChoiceInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Choice
    form = ChoiceForm
    formset = ChoiceFormSet
    extra = 0


class RubricInline(admin.StackedInline):  # type: ignore[type-arg]
    model = RubricPoint
    form = RubricForm
    formset = RubricFormSet
    extra = 0
    verbose_name_plural = "rubric: the weights sum to 10, those of the adequate line to 6"


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = QuestionForm
    inlines = (ChoiceInline, RubricInline)
    list_display = ("title", "topic", "kind", "level", "facet", "status", "version", "edited_here")
    list_filter = ("status", "edited_here", "kind", "level", "facet", "performance", "topic")
    search_fields = ("title", "slug", "prompt", "answer_short")
    list_select_related = ("topic",)
    filter_horizontal = ("concepts",)
    readonly_fields = ("version", "edited_here", "uuid", "updated_at")
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("title", "slug", "status", ("topic", "order"), "concepts")}),
        ("What kind of question", {"fields": (("kind", "level"), ("facet", "performance"), "minutes", "table")}),
        ("Question and answers", {"fields": ("prompt", "answer_short", "answer_medium", "answer_long")}),
        ("For the interview", {"fields": ("signal", "red_flags", "follow_ups")}),
        ("Where it stands", {"fields": ("conventions", "references", "labs", "check_source")}),
        ("History", {"fields": ("version", "edited_here", "uuid", "updated_at")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """Learners' history hangs on it: retire it instead."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            editing.question_edited(form.instance)
