"""Guides, and questions on pages of their own."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.lib.requests import SiteRequest
from prepsite.lib.versioned import Status
from quizzes import beginning, marking, sessions, trial
from quizzes.asked import Asked, as_asked
from quizzes.drawn import as_drawn
from quizzes.forms import EmptyGaps, answer_from, check_draft, check_gaps, check_length, too_long
from quizzes.lessons import lessons_of
from quizzes.models import Flashcard, Guide, Question, SessionItem
from quizzes.sheet import Sheet
from quizzes.views.memory import proposed_for
from quizzes.views.sheets import ALREADY, number_from, redirect_of_get, refused, sheet_of, titled, wants_json

_HEADING = re.compile(r'<h([23])\b[^>]*?\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")


@require_safe
def guide(request: SiteRequest, slug: str) -> HttpResponse:
    """A study guide with its contents, what to read next, and the questions that it prepares for."""
    shown = get_object_or_404(_visible(request, Guide.objects.select_related("topic")), slug=slug)
    siblings = list(Guide.objects.published().filter(topic=shown.topic).only("slug", "title", "minutes", "order"))
    place = next((n for n, one in enumerate(siblings) if one.pk == shown.pk), len(siblings))
    context = {
        "section": "topics",
        "guide": shown,
        "contents": [
            {"level": int(level), "anchor": anchor, "html": _LINK.sub("", html)}
            for level, anchor, html in _HEADING.findall(shown.body_html)
        ],
        "next": siblings[place + 1] if place + 1 < len(siblings) else None,
        "questions": Question.objects.published().filter(topic=shown.topic).count(),
    }
    return render(request, "quizzes/guide.html", context)


def _visible(request: SiteRequest, rows: Any) -> Any:
    """Published pages; staff see drafts and retired ones as well, to judge them before others do."""
    return rows if request.user.is_staff else rows.filter(status=Status.PUBLISHED)


def _question(request: SiteRequest, slug: str) -> Question:
    """The question if this visitor may see it: published, or once answered by them, or for staff."""
    rows = Question.objects.with_parts()
    if request.user.is_authenticated and not request.user.is_staff:
        answered = SessionItem.objects.for_user(request.user).filter(question=OuterRef("pk"))
        rows = rows.filter(Q(status=Status.PUBLISHED) | Exists(answered))
    else:
        rows = _visible(request, rows)
    found: Question = get_object_or_404(rows, slug=slug)
    return found


@require_safe
def question(request: SiteRequest, slug: str) -> HttpResponse:
    """The prompt and its form; after an answer has been committed, and only then, the model answer."""
    asking = _question(request, slug)
    if not request.user.is_authenticated:
        sheet = trial.sheet(request.session, as_asked(asking))
        return _page(request, sheet, number=0)
    number, sheet, item = _latest(request.user, asking, afresh="again" in request.GET)
    return _page(request, sheet, number=number, item=item)


def _latest(user: models.Model, asking: Question, *, afresh: bool) -> tuple[int, Sheet, SessionItem | None]:
    """The number of the learner's attempt, its sheet, and its item: a draft if there is one, else the last answer, else
    an empty sheet without an item."""
    history = list(beginning.attempts(user, asking))
    last = history[-1] if history else None
    if last is not None and not (afresh and last.committed):
        return len(history) - 1, sheet_of(last, as_drawn(last)), last
    number = len(history)
    return number, Sheet(as_asked(asking), f"{beginning.attempt_id(user, asking, number)}/1", {}), None


def _page(
    request: SiteRequest,
    sheet: Sheet,
    *,
    number: int,
    item: SessionItem | None = None,
    error: marking.MalformedAnswer | None = None,
) -> HttpResponse:
    asked = sheet.asked
    context = {
        "section": "topics",
        "asked": asked,
        "sheet": sheet,
        "number": number,
        "may_answer": request.user.is_authenticated or asked.slug == settings.TRIAL_QUESTION,
        "lessons": lessons_of(asked, sheet.answer, sheet.ticks) if sheet.committed else None,
        "labs": titled(asked.labs) if sheet.committed else (),
        "cards": Flashcard.objects.published().filter(question__slug=asked.slug) if sheet.committed else (),
        "next": _next_in_topic(asked) if sheet.committed and request.user.is_authenticated else None,
        "error": error,
        "empty_gaps": isinstance(error, EmptyGaps),
    }
    if sheet.committed and item is not None:
        context |= proposed_for(item, asked) | {"item": item}
    return render(request, "quizzes/question.html", context, status=422 if error else 200)


def _next_in_topic(asked: Asked) -> Question | None:
    """The question after this one in its topic's own order."""
    here = Question.objects.filter(slug=asked.slug)
    later = Q(order__gt=Subquery(here.values("order"))) | Q(order=Subquery(here.values("order")), slug__gt=asked.slug)
    in_topic = Question.objects.published().filter(topic__slug=asked.topic_slug)
    return in_topic.filter(later).order_by("order", "slug").only("slug", "title").first()


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SiteRequest, slug: str) -> HttpResponse:
    """Commit an answer, or keep its draft. Visitors without an account may commit the trial question."""
    if (page := redirect_of_get(request, "quizzes:question", slug)) is not None:
        return page
    asking = _question(request, slug)
    if request.user.is_authenticated:
        return _learners_answer(request, request.user, asking)
    if slug != settings.TRIAL_QUESTION:
        return redirect(f"{reverse('account_signup')}?next={reverse('quizzes:question', args=[slug])}")
    asked = as_asked(asking)
    given = _given(request, asked)
    try:
        check_length(given)
        check_gaps(request.POST, given)
        trial.commit(request.session, asked, given)
    except marking.MalformedAnswer as error:
        return _page(request, Sheet(asked, trial.SEED, given), number=0, error=error)
    except sessions.AlreadyCommitted:
        messages.info(request, ALREADY)
    return redirect("quizzes:question", slug)


def _learners_answer(request: SiteRequest, user: models.Model, asking: Question) -> HttpResponse:
    history = list(beginning.attempts(user, asking))
    number = min(number_from(request.POST.get("attempt", "")), len(history))
    item = history[number] if number < len(history) else None
    # A draft may have been begun before the question was edited: it is read by the form that the learner saw.
    asked = as_drawn(item) if item else as_asked(asking)
    given = _given(request, asked)
    try:
        check_draft(given)
        item = item or beginning.open_attempt(user, asking, number, timezone.now())
        if "draft" in request.POST:
            kept = sessions.save_draft(item, given)
            if wants_json(request):
                return JsonResponse({"saved": kept, "message": too_long(given) if kept else ALREADY})
        else:
            # Kept first, so that whoever is refused and leaves the page finds it again.
            sessions.save_draft(item, given)
            check_length(given)
            check_gaps(request.POST, given)
            sessions.commit(item, asked, given, timezone.now())
    except beginning.IdentityTaken as error:
        raise Http404 from error
    except marking.MalformedAnswer as error:
        sheet = Sheet(asked, f"{beginning.attempt_id(user, asking, number)}/1", given)
        return refused(request, str(error)) or _page(request, sheet, number=number, error=error)
    except sessions.AlreadyCommitted:
        messages.info(request, ALREADY)
    return redirect("quizzes:question", asking.slug)


def _given(request: SiteRequest, asked: Asked) -> dict[str, Any]:
    return sessions.GAVE_UP if "give-up" in request.POST else answer_from(request.POST, asked)


@require_POST
def tick(request: SiteRequest, slug: str) -> HttpResponse:
    """Save which rubric points the learner found in the answer that they committed."""
    asking = _question(request, slug)
    ticked = request.POST.getlist("points")
    try:
        if not request.user.is_authenticated:
            result = trial.tick(request.session, as_asked(asking), ticked)
        else:
            item = beginning.attempts(request.user, asking).committed().last()
            if item is None:
                raise Http404
            result = sessions.tick(item, as_drawn(item), ticked, timezone.now())
    except marking.MalformedAnswer as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Saved: {result.points} of 10.")
    return redirect("quizzes:question", slug)
