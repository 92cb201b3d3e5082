"""Counting what an answer says about its cards."""

import uuid as uuids
from collections.abc import Sequence
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
from quizzes.drawn import all_as_drawn
from quizzes.models import QuizSession, Review, SessionItem
from quizzes.models.session import SessionItemQuerySet
from quizzes.planning import terms_of
from quizzes.views.session import clock_of
from quizzes.views.sheets import identity_from

PREFIX = "rate-"


@login_required
@require_POST
def count(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Record the ratings chosen for the cards of an answered question; those left out stay as they are."""
    item = get_object_or_404(_answered(request), session__uuid=uuid, position=position)
    _count(request, [item])
    if item.session.kind == QuizSession.Kind.QUESTION:
        return redirect("quizzes:question", item.question.slug)
    if item.session.kind == QuizSession.Kind.MOCK:
        return redirect(f"{reverse('quizzes:mock-report', args=[item.session.uuid])}#answer-{item.position}")
    return redirect("quizzes:item", item.session.uuid, item.position)


@login_required
@require_POST
def count_all(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """The same for all answers of a quiz or mock interview at once."""
    several = QuizSession.objects.for_user(request.user).exclude(kind=QuizSession.Kind.QUESTION)
    mine = get_object_or_404(several, uuid=uuid)
    _count(request, list(_answered(request).filter(session=mine)))
    if mine.kind == QuizSession.Kind.MOCK:
        return redirect(f"{reverse('quizzes:mock-report', args=[uuid])}#study")
    return redirect("quizzes:result", uuid)


def _answered(request: LearnerRequest) -> SessionItemQuerySet:
    items = SessionItem.objects.for_user(request.user).committed().select_related("session", "question__topic")
    return items.prefetch_related("question__choices", "question__rubric")


def _count(request: LearnerRequest, items: Sequence[SessionItem]) -> None:
    """Count what was chosen for the cards of these answers, and say how many it were."""
    now, clock = timezone.now(), clock_of(request)
    terms = terms_of(request.user, clock.day(now))
    ratings, event = _ratings(request), identity_from(request.POST.get("event", ""))
    drawn = all_as_drawn(items)
    given = sum(
        len(answer_memory.count(request.user, item, drawn[item.pk], ratings, event, now, clock, terms))
        for item in items
    )
    if given:
        messages.success(request, f"Counted for {given} card{'s' if given > 1 else ''}.")
    else:
        messages.info(request, "Nothing was counted: no card was chosen, or they were rated meanwhile.")


def proposed_for(item: SessionItem, asked: Asked) -> dict[str, Any]:
    """What the page of a committed answer shows of it."""
    proposed = answer_memory.proposals(item.session.user, item, asked, timezone.now())
    return {"proposed": proposed, "ratings": Review.Rating.choices, "event_id": uuids.uuid4()}


def proposed_for_all(answers: Sequence[tuple[SessionItem, Asked]], request: LearnerRequest) -> dict[str, Any]:
    """The same for the page of a whole session: `proposed` by item, and `to_count`, how many cards they are."""
    proposed = answer_memory.proposals_of_all(request.user, answers, timezone.now())
    to_count = sum(map(len, proposed.values()))
    return {"proposed": proposed, "to_count": to_count, "ratings": Review.Rating.choices, "event_id": uuids.uuid4()}


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
