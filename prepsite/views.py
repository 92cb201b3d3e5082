"""Home and the map of topics: the pages that show quizzes and labs side by side."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from prepsite import study
from prepsite.accounts.models import User
from prepsite.lib.requests import SiteRequest
from quizzes.models import Topic


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
    context = {
        "section": "today",
        "today": study.today(user, now, shelf),
        "rows": rows,
        "focus": study.focus(rows, user, shelf),
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
