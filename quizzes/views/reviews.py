"""Reviewing: the card that waits, its ratings, and taking back or doing again what was done."""

import datetime as dt
import uuid
from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import leeches, planning, proposals, reviewing, searching
from quizzes.card_log import shown
from quizzes.card_marks import told
from quizzes.models import Flashcard, Review
from quizzes.scheduling import StudyClock
from quizzes.scopes import Scope
from quizzes.views.session import EventForm, Told, back_to, clock_of, page, said_of, scope_from

LONGEST_MS = 3_600_000  # a card that was left open over lunch says nothing more about how long it took


class RatingForm(EventForm):
    rating = forms.TypedChoiceField(choices=Review.Rating.choices, coerce=int)
    version = forms.IntegerField(min_value=0)
    duration_ms = forms.IntegerField(required=False, min_value=0)
    sure = forms.BooleanField(required=False)


@login_required
@require_safe
def review(request: LearnerRequest) -> HttpResponse:
    """The card that waits, or why none does. `?card=` asks for one that waits as well; `?q=`, `?mode=` for a session of
    its own."""
    scope = scope_from(request.GET)
    if scope.is_plain:
        import_string(settings.BEFORE_REVIEWS)(request.user, timezone.now())
    return page(request, scope, Told(first=_uuid(request.GET.get("card", ""))))


@login_required
@require_safe
def guidance(request: LearnerRequest) -> HttpResponse:
    """How reviewing works: keys, ratings, sessions, and the language of searches."""
    return render(
        request,
        "quizzes/review_help.html",
        {
            "section": "review",
            "fields": searching.FIELDS,
            "numbers": searching.NUMBERS,
            "states": searching.STATES,
            "leech_lapses": leeches.LEECH_LAPSES,
        },
    )


@login_required
@require_POST
def rate(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    card = get_object_or_404(Flashcard.objects.for_learner(request.user), uuid=flashcard)
    form, scope = RatingForm(request.POST), scope_from(request.POST)
    if not form.is_valid():
        notice = "That rating could not be read, so it was not counted. Rate the card that waits now, please."
        return page(request, scope, Told(notice=notice, status=400))
    missed = tuple(request.POST.getlist("missed")[:50])
    if missed and form.cleaned_data["rating"] > Review.Rating.AGAIN and not form.cleaned_data["sure"]:
        points = proposals.must_haves(shown(request.user, card, timezone.now()))
        if proposals.from_missed(points, missed):
            return page(request, scope, Told(first=card.uuid, is_open=True, missed=missed, status=422))
    try:
        given = _record(request, card, scope, form)
    except reviewing.StaleCard as stale:
        return page(request, scope, Told(stale=stale.shown, status=409))
    except reviewing.EventClash as clash:
        return page(request, scope, Told(notice=str(clash), status=409))
    if not Review.objects.for_user(request.user).filter(study_day=given.study_day, pk__lt=given.pk).exists():
        import_string(settings.ON_FIRST_REVIEW)(request.user, given.at)
    noticed = leeches.just_noticed(given.before["lapses"], given.after["lapses"])
    return back_to(request, scope, Told(said=said_of(given), leech=given if noticed else None))


def _record(request: LearnerRequest, card: Flashcard, scope: Scope, form: RatingForm) -> Review:
    now, clock = timezone.now(), clock_of(request)
    values, duration = form.cleaned_data, form.cleaned_data["duration_ms"]
    duration = None if duration is None else min(duration, LONGEST_MS)
    event_id, version = values["event"], values["version"]
    if scope.practises:
        return reviewing.practise(
            request.user, card, values["rating"], now, clock, event_id=event_id, version=version, duration_ms=duration
        )
    return reviewing.record_review(
        request.user,
        card,
        values["rating"],
        now,
        clock,
        event_id=event_id,
        version=version,
        duration_ms=duration,
        terms=planning.terms_of(request.user, clock.day(now)),
    )


@login_required
@require_POST
def undo(request: LearnerRequest) -> HttpResponse:
    """Take back what was done last and show its card again."""
    return _back_and_forth(request, reviewing.undo)


@login_required
@require_POST
def redo(request: LearnerRequest) -> HttpResponse:
    """Do again what the last undo took back."""
    return _back_and_forth(request, reviewing.redo)


def _back_and_forth(
    request: LearnerRequest, act: Callable[[Model, dt.datetime, StudyClock, uuid.UUID], Review]
) -> HttpResponse:
    form, scope = EventForm(request.POST), scope_from(request.POST)
    if not form.is_valid():
        return page(request, scope, Told(notice="That could not be read. Nothing was changed.", status=400))
    try:
        event = act(request.user, timezone.now(), clock_of(request), form.cleaned_data["event"])
    except (
        reviewing.NothingToUndo,
        reviewing.NothingToRedo,
        reviewing.StaleCard,
        reviewing.EventClash,
    ) as refusal:
        return page(request, scope, Told(notice=str(refusal), status=409))
    if event.undoes is None:
        return back_to(request, scope, Told(said=f"Done again: {said_of(event)}"))
    return back_to(request, scope, Told(said=_taken_back(event.undoes), first=event.card.flashcard.uuid))


def _taken_back(event: Review) -> str:
    if event.kind == Review.Kind.MARK:
        return f"Taken back: {told(event)}."
    return f"Taken back: {event.get_rating_display()}. Rate this card again."


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
