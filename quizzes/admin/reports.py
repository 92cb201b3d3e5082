"""What learners reported about cards: the list that staff answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from quizzes.models import ErrorReport


class ErrorReportForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ErrorReport
        fields = ("state", "answer")


@admin.register(ErrorReport)
class ErrorReportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Open reports first. What the learner wrote is not edited; state and answer are, and the learner sees both."""

    form = ErrorReportForm
    list_display = ("text", "flashcard", "flashcard_version", "state", "created_at", "answered_at")
    list_filter = ("state", "flashcard__topic")
    search_fields = ("text", "flashcard__slug", "flashcard__front")
    list_select_related = ("flashcard",)
    ordering = ("answered_at", "-created_at")
    fields = ("card", "flashcard_version", "said", "created_at", "state", "answer", "answered_at")
    readonly_fields = ("card", "flashcard_version", "said", "created_at", "answered_at")

    @admin.display(description="Card")
    def card(self, report: ErrorReport) -> str:
        """The card as it is now, to compare with the version that was reported."""
        address = reverse("admin:quizzes_flashcard_change", args=[report.flashcard_id])
        return format_html(
            '<a href="{}">{}</a>, now version {}', address, report.flashcard.slug, report.flashcard.version
        )

    @admin.display(description="What is wrong")
    def said(self, report: ErrorReport) -> str:
        return report.text

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ErrorReport, form: Any, change: bool) -> None:
        is_open = obj.state == ErrorReport.State.OPEN
        obj.answered_at = None if is_open else obj.answered_at or timezone.now()
        super().save_model(request, obj, form, change)
