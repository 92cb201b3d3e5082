"""How a learner wants to review: limits, today's exception, the interview, breaks, a backlog; and sessions of their
own."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prepsite.lib.requests import LearnerRequest
from quizzes import breaks, planning, preparing
from quizzes.models import Break, Card, Plan
from quizzes.models.plan import MOST_PER_DAY
from quizzes.readiness import RECALL_WHEN_DUE
from quizzes.streaks import streak_of
from quizzes.views.session import clock_of

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NO_DATE = "Write the day as 2027-01-31."


def _limit(label: str, help_text: str = "", *, required: bool = False) -> forms.IntegerField:
    said = f"Write a whole number from 0 to {MOST_PER_DAY}."
    wrong = dict.fromkeys(("invalid", "min_value", "max_value", "required"), said)
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_PER_DAY,
        required=required,
        error_messages=wrong,
    )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    LIMITS = ("new_per_day", "reviews_per_day", "desired_retention")
    new_per_day = _limit("New cards a day", required=True)
    reviews_per_day = _limit("Learned cards a day", "Empty means no limit. What does not fit waits for the next day.")
    desired_retention = forms.TypedChoiceField(
        label="Predicted recall at which a card comes back",
        coerce=float,
        choices=[(share / 100, f"{share} %") for share in (70, 75, 80, 85, 90, 92, 95, 97)],
        help_text="Higher is safer and costs more reviews: 95 % takes about twice as many as 90 %. "
        f"Before an interview it is {100 * RECALL_WHEN_DUE:.0f} % at most, since time then goes further in more cards.",
    )
    interview_on = forms.DateField(
        label="Interview on",
        required=False,
        widget=_DATE,
        error_messages={"invalid": NO_DATE},
        help_text="Until the day before, no card is put off to a later day than that.",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_interview_on(self) -> dt.date | None:
        """A date that has passed since it was set stands in nobody's way."""
        day: dt.date | None = self.cleaned_data["interview_on"]
        if day is not None and "interview_on" in self.changed_data:
            try:
                preparing.check_date(day, self.today)
            except preparing.BadDate as bad:
                raise forms.ValidationError(str(bad)) from bad
        return day

    class Meta:
        model = Plan
        fields = ("new_per_day", "reviews_per_day", "desired_retention", "interview_on")


class TodayForm(forms.Form):
    new_today = _limit("New cards today")
    reviews_today = _limit("Learned cards today")


class BreakForm(forms.Form):
    first_day = forms.DateField(
        label="First day", widget=_DATE, error_messages={"invalid": NO_DATE, "required": "Say when the break begins."}
    )
    last_day = forms.DateField(
        label="Last day", widget=_DATE, error_messages={"invalid": NO_DATE, "required": "Say when the break ends."}
    )


class BacklogForm(forms.Form):
    days = forms.IntegerField(
        min_value=1,
        max_value=breaks.MOST_DAYS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Choose from 1 to {breaks.MOST_DAYS} days."
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: LearnerRequest) -> HttpResponse:
    mine = planning.plan_of(request.user)
    form = PlanForm(request.POST or None, instance=mine, today=_today(request))
    if request.method == "POST" and form.is_valid():
        _save(mine, form, _today(request))
        messages.success(request, "Saved. It holds from the next card on.")
        return redirect("quizzes:plan")
    return _page(request, plan_form=form)


def _save(mine: Plan, form: PlanForm, today: dt.date) -> None:
    """The limits as they are; another date of the interview is another plan to it."""
    planning.change_plan(mine, **{name: form.cleaned_data[name] for name in PlanForm.LIMITS})
    if "interview_on" in form.changed_data:
        if mine.interview_on is None:
            preparing.without_date(mine.user)
        else:
            preparing.aim_at(mine, today)


@login_required
@require_POST
def today_only(request: LearnerRequest) -> HttpResponse:
    """Other limits for this study day alone."""
    form = TodayForm(request.POST)
    if not form.is_valid():
        return _page(request, today_form=form)
    new, reviews = form.cleaned_data["new_today"], form.cleaned_data["reviews_today"]
    planning.limit_day(planning.plan_of(request.user), _today(request), new=new, reviews=reviews)
    messages.success(request, "Saved for today. From tomorrow on your usual limits hold again.")
    return redirect("quizzes:plan")


@login_required
@require_POST
def plan_break(request: LearnerRequest) -> HttpResponse:
    form = BreakForm(request.POST)
    if form.is_valid():
        try:
            breaks.plan_break(
                request.user, form.cleaned_data["first_day"], form.cleaned_data["last_day"], _today(request)
            )
        except breaks.BadBreak as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, "The break is planned. What would fall due in it waits for the days after it.")
            return redirect("quizzes:plan")
    return _page(request, break_form=form)


@login_required
@require_POST
def call_off(request: LearnerRequest, pk: int) -> HttpResponse:
    breaks.call_off(request.user, get_object_or_404(Break.objects.for_user(request.user), pk=pk), _today(request))
    messages.success(request, "The break is called off.")
    return redirect("quizzes:plan")


@login_required
@require_POST
def spread(request: LearnerRequest) -> HttpResponse:
    form = BacklogForm(request.POST)
    if not form.is_valid():
        return _page(request, backlog_form=form)
    days = form.cleaned_data["days"]
    number = breaks.spread_backlog(request.user, days, _today(request))
    over = "They all come today." if days == 1 else f"Spread over {days} days, the likeliest to be remembered first."
    messages.success(request, f"{number} card{'' if number == 1 else 's'}. {over}")
    return redirect("quizzes:plan")


def _today(request: LearnerRequest) -> dt.date:
    return clock_of(request).day(timezone.now())


def _page(request: LearnerRequest, **forms_given: forms.BaseForm) -> HttpResponse:
    """The page with what was posted and refused, or with fresh forms."""
    today = _today(request)
    mine = planning.plan_of(request.user)
    holds = mine.today == today
    given = {"new_today": mine.new_today, "reviews_today": mine.reviews_today} if holds else {}
    waiting = breaks.backlog(request.user, today).order_by().count()
    context: dict[str, Any] = {
        "section": "review",
        "plan_form": PlanForm(instance=mine, today=today),
        "today_form": TodayForm(initial=given),
        "break_form": BreakForm(),
        "backlog_form": BacklogForm(),
        "backlog": waiting,
        "is_spread": Card.objects.for_user(request.user).filter(held_for=Card.Held.SPREAD).exists(),
        "spreads": [(days, -(-waiting // days)) for days in (3, 7, 14, 30)],
        "breaks": Break.objects.for_user(request.user).not_over(today),
        "streak": streak_of(request.user, today),
        "interview_on": mine.interview_on if mine.interview_on and mine.interview_on >= today else None,
        "interview_in": (mine.interview_on - today).days if mine.interview_on else None,
    } | forms_given
    refused = any(form.is_bound and form.errors for form in forms_given.values())
    return render(request, "quizzes/plan.html", context, status=400 if refused else 200)
