"""Home and the map of topics: the pages that show quizzes and labs side by side."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from prepsite import study
from prepsite.accounts.models import User
from prepsite.lib.requests import LearnerRequest, SiteRequest
from prepsite.study import rewriting
from quizzes.lab_cards import CannotChange
from quizzes.models import Review, Topic


def _learner(request: SiteRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_safe
def home(request: SiteRequest) -> HttpResponse:
    """Today for a learner; what this is for a visitor."""
    user = _learner(request)
    if user is None:
        offer = study.offer(settings.TRIAL_QUESTION, settings.TRIAL_LAB)
        return render(request, "welcome.html", {"offer": offer})
    now, shelf = timezone.now(), study.lab_shelf(user)
    rows = [row for row in study.topic_map(user, now, shelf) if not row.is_empty]
    ordinary = study.today(user, now, shelf)
    prepared = study.preparation(user, now, shelf)
    context = {
        "section": "today",
        "today": study.planned_today(user, now, prepared, ordinary) if prepared else ordinary,
        "prepared": prepared,
        "rows": rows,
        "focus": study.focus(rows, user, now, shelf),
    }
    return render(request, "today.html", context)


@require_safe
def topics(request: SiteRequest) -> HttpResponse:
    user = _learner(request)
    rows = study.topic_map(user, timezone.now(), study.lab_shelf(user))
    return render(request, "topics.html", {"section": "topics", "rows": rows})


@require_safe
def topic(request: SiteRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic.objects.with_prerequisites(), slug=slug)
    context = {"section": "topics", "topic": found, "page": study.topic_page(found, _learner(request), timezone.now())}
    return render(request, "topic.html", context)


class LabRatingForm(forms.Form):
    rating = forms.TypedChoiceField(choices=Review.Rating.choices, coerce=int)
    give_up = forms.BooleanField(required=False)


@login_required
@require_POST
def lab_rating(request: LearnerRequest, slug: str) -> HttpResponse:
    """The learner's own word on how well they wrote a lab: another rating, or that they give it up for now."""
    if slug not in study.lab_titles([slug]):
        raise Http404
    form = LabRatingForm(request.POST)
    if not form.is_valid():
        raise BadRequest("A rating is a number from 1 to 4.")
    now = timezone.now()
    try:
        if form.cleaned_data["give_up"]:
            said = rewriting.give_up(request.user, slug, now)
        else:
            said = rewriting.change(request.user, slug, form.cleaned_data["rating"], now)
    except CannotChange as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.info(request, f"{said['word']}. This lab comes back in {said['interval']}.")
    return redirect("codelabs:lab", slug=slug)
