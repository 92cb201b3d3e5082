"""The plan to the interview: its date and terms, its days, and the readiness that it leads to."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prepsite import study
from prepsite.lib.requests import LearnerRequest
from prepsite.plan.forms import InterviewForm, ShorterForm
from prepsite.progress.readiness import readiness_picture
from quizzes import preparing
from quizzes.models import Concept, Reading
from quizzes.planning import plan_of

WEEK = 7  # days that are read at a glance; the others can be folded away


def _today(request: LearnerRequest) -> dt.date:
    return study.clock_of(request.user).day(timezone.now())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: LearnerRequest) -> HttpResponse:
    mine = plan_of(request.user)
    form = InterviewForm(request.POST or None, instance=mine, today=_today(request))
    if request.method == "POST" and form.is_valid():
        preparing.aim_at(mine, _today(request))
        messages.success(request, "Saved. The plan below is made from what is left.")
        return redirect("plan")
    return render(request, "plan/plan.html", _context(request, form), status=422 if form.errors else 200)


def _context(request: LearnerRequest, form: InterviewForm) -> dict[str, Any]:
    now = timezone.now()
    prepared = study.preparation(request.user, now, study.lab_shelf(request.user))
    today = study.clock_of(request.user).day(now)
    context: dict[str, Any] = {"section": "plan", "form": form, "prepared": prepared, "day": today}
    readings = Reading.objects.for_user(request.user).whole()
    if prepared is None or prepared.terms.interview_on is None:
        picture = readiness_picture(list(readings.of_latest_interview()))
        return context | {"over": form.instance.interview_on is not None and not form.errors, "picture": picture}
    readings = readings.filter(interview_date=prepared.terms.interview_on)
    days = [(today + dt.timedelta(days=day.offset), study.named(prepared, day)) for day in prepared.plan.days]
    return context | {
        "near": days[:WEEK],
        "later": days[WEEK:],
        "not_listed": prepared.left - len(days),
        "picture": readiness_picture(list(readings)),
        "track": study.track_record(request.user),
    }


@login_required
@require_POST
def start(request: LearnerRequest) -> HttpResponse:
    """Let today's cards of the plan into the queue, and begin with them."""
    study.begin_day(request.user, timezone.now())
    return redirect("quizzes:review")


@login_required
@require_POST
def shorter(request: LearnerRequest) -> HttpResponse:
    """Another length for today alone."""
    form = ShorterForm(request.POST)
    mine = plan_of(request.user)
    if preparing.days_left(mine, _today(request)) is None:
        messages.info(request, "There is no interview ahead, so there is no plan to shorten.")
    elif form.is_valid():
        preparing.shorten(mine, _today(request), form.cleaned_data["minutes"])
    else:
        messages.error(request, "That length could not be read; today stays as it is.")
    return redirect("home")


@login_required
@require_POST
def read(request: LearnerRequest, concept: str) -> HttpResponse:
    """A concept has been read about: the plan takes the next one."""
    found = get_object_or_404(Concept.objects.current(), slug=concept)
    preparing.read_about(request.user, found.slug, _today(request))
    return redirect("home")


@login_required
@require_POST
def off(request: LearnerRequest) -> HttpResponse:
    """No date: an ordinary schedule without an end."""
    preparing.without_date(request.user)
    messages.success(request, "No date is set. Cards come back for as long as you like.")
    return redirect("plan")
