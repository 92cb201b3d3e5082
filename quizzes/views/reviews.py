"""Reviewing flashcards: the card that waits, its four ratings, and taking a rating back.

With htmx an answer is the next card alone; without, each post leads back to the page. A refusal is a page as well: what
was wrong in one sentence, and the card that the queue gives now: the one that was refused may not be due yet.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import reviewing, timewords
from quizzes.lab_cards import due_labs
from quizzes.models import Flashcard, Review
from quizzes.reviewing import DEFAULTS, Shown
from quizzes.scheduling import StudyClock, preview

LONGEST_MS = 3_600_000  # a card that was left open over lunch says nothing more about how long it took
RATED = "{rating}, back in {interval}."


class EventForm(forms.Form):
    """What every event brings: the id that its page made."""

    event = forms.UUIDField()


class RatingForm(EventForm):
    rating = forms.TypedChoiceField(choices=Review.Rating.choices, coerce=int)
    version = forms.IntegerField(min_value=0)
    duration_ms = forms.IntegerField(required=False, min_value=0)


@dataclass(frozen=True)
class Button:
    """A rating that can be given, with the interval that it gives."""

    rating: Review.Rating
    interval: str


@login_required
@require_safe
def review(request: LearnerRequest) -> HttpResponse:
    """The card that waits, or why none does. `?card=` asks for one that waits as well."""
    return _page(request, first=_uuid(request.GET.get("card", "")))


@login_required
@require_POST
def rate(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    card = get_object_or_404(Flashcard.objects.published(), uuid=flashcard)
    form = RatingForm(request.POST)
    if not form.is_valid():
        notice = "That rating could not be read, so it was not counted. Rate the card that waits now, please."
        return _page(request, notice=notice, status=400)
    now, clock = timezone.now(), _clock(request)
    duration = form.cleaned_data["duration_ms"]
    try:
        given = reviewing.record_review(
            request.user,
            card,
            form.cleaned_data["rating"],
            now,
            clock,
            event_id=form.cleaned_data["event"],
            version=form.cleaned_data["version"],
            duration_ms=None if duration is None else min(duration, LONGEST_MS),
        )
    except reviewing.StaleCard as stale:
        return _page(request, stale=stale.shown, status=409)
    except reviewing.EventClash as clash:
        return _page(request, notice=str(clash), status=409)
    if request.htmx:
        return _page(request, said=_said(given))
    return redirect("quizzes:review")


@login_required
@require_POST
def undo(request: LearnerRequest) -> HttpResponse:
    """Take the latest rating back and show its card again."""
    form = EventForm(request.POST)
    if not form.is_valid():
        return _page(request, notice="That could not be read. Nothing was taken back.", status=400)
    try:
        event = reviewing.undo(request.user, timezone.now(), _clock(request), form.cleaned_data["event"])
    except (reviewing.NothingToUndo, reviewing.StaleCard, reviewing.EventClash) as refusal:
        return _page(request, notice=str(refusal), status=409)
    assert event.undoes
    said = f"Taken back: {event.undoes.get_rating_display()}. Rate this card again."
    if request.htmx:
        return _page(request, first=event.card.flashcard.uuid, said=said)
    messages.info(request, said)
    return redirect(reverse("quizzes:review") + "?" + urlencode({"card": str(event.card.flashcard.uuid)}))


def _page(
    request: LearnerRequest,
    *,
    first: uuid.UUID | None = None,
    notice: str = "",
    stale: Shown | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the card alone. `said` is read out; `notice` and `stale` tell of a refusal."""
    now, clock = timezone.now(), _clock(request)
    queue = reviewing.queue(request.user, now, clock, first=first)
    context: dict[str, Any] = {
        "section": "review",
        "queue": queue,
        "notice": notice,
        "stale": stale,
        "stale_returns": timewords.when(stale.memory.due, now, clock) if stale else "",
        "said": said,
        "last": _said(queue.last) if queue.last else "",
        "next_at": timewords.when(queue.next_at, now, clock) if queue.next_at else "",
        "event": uuid.uuid4(),  # for browsers that make no ids of their own
        "undo_event": uuid.uuid4(),
    }
    if not request.htmx:
        context["labs_due"] = due_labs(request.user, clock.day(now))
    if queue.next:
        context |= {
            "shown": queue.next,
            "why": reviewing.why_now(queue.next, now, clock, DEFAULTS),
            "buttons": _buttons(request.user, queue.next, now, clock),
        }
    template = "quizzes/review_card.html" if request.htmx else "quizzes/review.html"
    return render(request, template, context, status=status)


def _buttons(user: Model, shown: Shown, now: dt.datetime, clock: StudyClock) -> list[Button]:
    waiting = reviewing.load(user, shown.flashcard, clock.day(now))
    offered = preview(shown.memory, now, clock, DEFAULTS, shown.seed, waiting)
    return [Button(Review.Rating(rating), timewords.interval(memory)) for rating, memory in offered.items()]


def _said(given: Review) -> str:
    return RATED.format(rating=given.get_rating_display(), interval=timewords.interval(given.memory_after))


def _clock(request: LearnerRequest) -> StudyClock:
    return StudyClock(request.user.zone, request.user.day_start_hour)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
