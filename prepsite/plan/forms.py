"""What learners say about the interview that they prepare for."""

import datetime as dt
from typing import Any

from django import forms

from quizzes.models import Plan
from quizzes.models.plan import LEAST_MINUTES, MOST_MINUTES
from quizzes.preparing import BadDate, check_date

_MINUTES = f"Write a whole number of minutes from {LEAST_MINUTES} to {MOST_MINUTES}."


class InterviewForm(forms.ModelForm):  # type: ignore[type-arg]
    interview_on = forms.DateField(
        label="Interview on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2027-01-31.", "required": "Say on which day the interview is."},
    )
    minutes_per_day = forms.IntegerField(
        label="Minutes a day",
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("invalid", "required", "min_value", "max_value"), _MINUTES),
        help_text="What you can give on an ordinary day. Planned breaks are left free.",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_interview_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["interview_on"]
        try:
            check_date(day, self.today)
        except BadDate as bad:
            raise forms.ValidationError(str(bad)) from bad
        return day

    class Meta:
        model = Plan
        fields = ("interview_on", "minutes_per_day", "role", "level")


class ShorterForm(forms.Form):
    minutes = forms.IntegerField(min_value=0, max_value=MOST_MINUTES)
