"""Counting what an answer says about its cards."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prepsite.lib.requests import LearnerRequest
from quizzes import answer_memory
from quizzes.asked import Asked
from quizzes.drawn import as_drawn
from quizzes.models import QuizSession, Review, SessionItem
from quizzes.planning import terms_of
from quizzes.views.session import clock_of
from quizzes.views.sheets import identity_from

PREFIX = "rate-"


@login_required
@require_POST
def count(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Record the ratings chosen for the cards of an answered question; those left out stay as they are."""
    items = SessionItem.objects.for_user(request.user).committed().select_related("session", "question__topic")
    item = get_object_or_404(
        items.prefetch_related("question__choices", "question__rubric"), session__uuid=uuid, position=position
    )
    now, clock = timezone.now(), clock_of(request)
    given = answer_memory.count(
        request.user,
        item,
        as_drawn(item),
        _ratings(request),
        identity_from(request.POST.get("event", "")),
        now,
        clock,
        terms_of(request.user, clock.day(now)),
    )
    if given:
        messages.success(request, f"Counted for {len(given)} card{'s' if len(given) > 1 else ''}.")
    else:
        messages.info(request, "Nothing was counted: no card was chosen, or they were rated meanwhile.")
    if item.session.kind == QuizSession.Kind.QUESTION:
        return redirect("quizzes:question", item.question.slug)
    if item.session.kind == QuizSession.Kind.MOCK:
        return redirect(f"{reverse('quizzes:mock-report', args=[item.session.uuid])}#answer-{item.position}")
    return redirect("quizzes:item", item.session.uuid, item.position)


def proposed_for(item: SessionItem, asked: Asked) -> dict[str, Any]:
    """What the page of a committed answer shows of it."""
    proposed = answer_memory.proposals(item.session.user, item, asked, timezone.now())
    return {"proposed": proposed, "ratings": Review.Rating.choices, "event_id": uuids.uuid4()}


def _ratings(request: LearnerRequest) -> dict[uuids.UUID, int]:
    """The flashcards that were given a rating; what cannot be read is left out."""
    found = {}
    for name in request.POST:
        value = request.POST.get(name, "")
        if name.startswith(PREFIX) and value in map(str, Review.Rating.values):
            try:
                found[uuids.UUID(name.removeprefix(PREFIX))] = int(value)
            except ValueError:
                continue
    return found
