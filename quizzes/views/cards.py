"""All cards a learner may meet: found by search, looked at one by one, and set aside, flagged, noted or reported."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.markdown import without_media
from prepsite.lib.requests import LearnerRequest
from quizzes import card_life, forgetting_curve, leeches, own_cards, planning, reviewing, searching, timewords
from quizzes.card_log import card_of, shown
from quizzes.card_marks import MOST_AT_ONCE, Mark, mark
from quizzes.card_search import matching
from quizzes.models import Card, ErrorReport, Flashcard
from quizzes.rereading import reading_for
from quizzes.scheduling import Memory, StudyClock, retrievability
from quizzes.views.session import EventForm, Told, back_to, clock_of, page, scope_from
from quizzes.why import why_now

A_PAGE = 50
LONGEST_REPORT = 2_000
MOST_OPEN_REPORTS = 50  # of one learner, so that nobody fills the list
BAD_MARK = "That could not be read. Nothing was changed."


class MarkForm(EventForm):
    what = forms.ChoiceField(choices=[(mark.value, mark.value) for mark in Mark])


class ReportForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST_REPORT,
        error_messages={
            "required": "Say in a few words what is wrong; nothing was sent.",
            "max_length": f"A report has at most {LONGEST_REPORT:,} characters; nothing was sent.",
        },
    )
    version = forms.IntegerField(min_value=0)


@login_required
@require_safe
def browse(request: LearnerRequest) -> HttpResponse:
    """The cards that a search finds, a page of them, each beside what is remembered of it."""
    query = request.GET.get("q", "").strip()
    now, clock = timezone.now(), clock_of(request)
    today = clock.day(now)
    context: dict[str, Any] = {"section": "review", "query": query, "marks": list(Mark), "event": uuid.uuid4()}
    try:
        found = matching(request.user, searching.parse(query), today)
    except searching.BadSearch as bad:
        return render(request, "quizzes/cards.html", context | {"bad": bad}, status=400)
    pages = Paginator(found.select_related("topic"), A_PAGE)
    shown_page = pages.get_page(request.GET.get("page"))
    context |= {
        "page": shown_page,
        "number": pages.count,
        "rows": [_row(flashcard, today) for flashcard in shown_page],
        "reports": ErrorReport.objects.for_user(request.user).count(),
        "now": now,
    }
    return render(request, "quizzes/cards.html", context)


def _row(flashcard: Any, today: Any) -> dict[str, Any]:
    """One line of the table. `flashcard` carries the columns that card_search adds."""
    due = flashcard.my_queue_day
    return {
        "flashcard": flashcard,
        "front_html": without_media(flashcard.front_html),
        "state": Card.State(flashcard.my_state).label,
        "due": "" if due is None else timewords.in_days((due - today).days),
        "waits": due is not None and due <= today,
        "held": flashcard.my_held_until is not None and flashcard.my_held_until > today,
        "flag": Card.Flag(flashcard.my_flag).label if flashcard.my_flag else "",
        "is_leech": leeches.is_leech(flashcard.my_lapses),
    }


@login_required
@require_POST
def mark_many(request: LearnerRequest) -> HttpResponse:
    """Suspend, bury, wake or flag every card that is ticked, as one act that one undo takes back."""
    form = MarkForm(request.POST)
    wanted = [value for value in map(_uuid, request.POST.getlist("card")) if value][:MOST_AT_ONCE]
    back = reverse("quizzes:cards") + "?" + urlencode({"q": request.POST.get("q", "")[:2000]})
    if not form.is_valid():
        messages.warning(request, BAD_MARK)
        return redirect(back)
    flashcards = list(Flashcard.objects.for_learner(request.user).filter(uuid__in=wanted))
    if not flashcards:
        messages.warning(request, "Tick some cards first; nothing was changed.")
        return redirect(back)
    what = Mark(form.cleaned_data["what"])
    try:
        changed = mark(
            request.user, flashcards, what, timezone.now(), clock_of(request), event_id=form.cleaned_data["event"]
        )
    except (reviewing.StaleCard, reviewing.EventClash):
        messages.warning(request, "Another tab was faster. Nothing was changed here; look again, please.")
        return redirect(back)
    cards = "1 card" if changed == 1 else f"{changed} cards"
    messages.success(
        request,
        f"{cards}: {what.said} Undo on the review page takes this back." if changed else f"Nothing to do: {what.said}",
    )
    return redirect(back)


@login_required
@require_safe
def card(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    """One card: both sides, what is remembered of it, its curve, its history, and what the learner set on it."""
    found = _find(request, flashcard)
    now, clock = timezone.now(), clock_of(request)
    today = clock.day(now)
    terms = planning.terms_of(request.user, today)
    meets = shown(request.user, found, now)
    row = Card.objects.for_user(request.user).filter(flashcard=found).first()
    memory = meets.memory
    context = {
        "section": "review",
        "flashcard": found,
        "shown": meets,
        "row": row,
        "recall": round(100 * retrievability(memory, now, clock, terms.settings)) if memory.stability else None,
        "due": _comes(memory, now, clock),
        "is_held": bool(row and row.held_until and row.held_until > today),
        "held_until": row.held_until if row else None,
        "why": why_now(meets, now, clock, terms.settings),
        "life": card_life.life_of(row) if row else [],
        "curve": forgetting_curve.curve(card_life.standing_memories(row), today, clock, terms.settings)
        if row
        else None,
        "number_of_events": f"{row.version:,}" if row else "0",
        "aim": round(100 * terms.settings.desired_retention),
        "is_leech": leeches.is_leech(memory.lapses),
        "reading": reading_for(found) if memory.lapses else None,
        "reports": ErrorReport.objects.for_user(request.user).filter(flashcard=found),
        "flags": [(f"flag-{flag.name.lower()}", flag.label) for flag in Card.Flag],
        "act_event": uuid.uuid4(),
    }
    return render(request, "quizzes/card.html", context)


@login_required
@require_POST
def mark_one(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    found, form = _find(request, flashcard), MarkForm(request.POST)
    if not form.is_valid():
        return _refuse(request, found, BAD_MARK)
    what = Mark(form.cleaned_data["what"])
    try:
        mark(request.user, [found], what, timezone.now(), clock_of(request), event_id=form.cleaned_data["event"])
    except (reviewing.StaleCard, reviewing.EventClash) as refusal:
        return _refuse(request, found, str(refusal), status=409)
    return _return(request, found, what.said)


@login_required
@require_POST
def note(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    found, text = _find(request, flashcard), request.POST.get("note", "").replace("\0", "").replace("\r\n", "\n")
    if len(text) > own_cards.LONGEST_NOTE:
        return _refuse(
            request,
            found,
            f"A note has at most {own_cards.LONGEST_NOTE:,} characters; this one has {len(text):,} and was not saved.",
        )
    own_cards.keep_note(card_of(request.user, found, timezone.now()), text)
    return _return(request, found, "Note saved." if text.strip() else "The note is gone.")


@login_required
@require_POST
def report(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    """Tell the authors that something is wrong with a card of the site's."""
    found = get_object_or_404(Flashcard.objects.published(), uuid=flashcard)
    form = ReportForm({**request.POST.dict(), "text": request.POST.get("text", "").replace("\0", "")})
    if not form.is_valid():
        return _refuse(request, found, " ".join(str(error) for errors in form.errors.values() for error in errors))
    mine = ErrorReport.objects.for_user(request.user)
    if mine.open().count() >= MOST_OPEN_REPORTS:
        return _refuse(request, found, "Many reports of yours wait to be read already; please send this one later.")
    text = form.cleaned_data["text"]
    if not mine.filter(flashcard=found, text=text).exists():
        ErrorReport.objects.create(
            flashcard=found,
            user=request.user,
            flashcard_version=form.cleaned_data["version"],
            text=text,
            created_at=timezone.now(),
        )
    return _return(request, found, "Reported. Thank you; the card’s page says what becomes of it.")


@login_required
@require_safe
def reports(request: LearnerRequest) -> HttpResponse:
    """What the learner reported, and what became of it."""
    mine = ErrorReport.objects.for_user(request.user).select_related("flashcard")
    return render(request, "quizzes/reports.html", {"section": "review", "reports": mine})


def _comes(memory: Memory, now: dt.datetime, clock: StudyClock) -> str:
    if memory.last_day is None:
        return ""
    return "now" if memory.is_due(now, clock.day(now)) else timewords.when(memory.due, now, clock)


def _find(request: LearnerRequest, flashcard: uuid.UUID) -> Flashcard:
    found = Flashcard.objects.for_learner(request.user).select_related("topic", "question")
    return get_object_or_404(found, uuid=flashcard)


def _return(request: LearnerRequest, found: Flashcard, said: str) -> HttpResponse:
    """Where the act was asked for: the review page at the same card, or the card's own page."""
    if request.POST.get("back") == "review":
        tell = Told(said=said, first=found.uuid, is_open=request.POST.get("open") == "1", aloud=True)
        return back_to(request, scope_from(request.POST), tell)
    messages.success(request, said)
    return redirect("quizzes:card", found.uuid)


def _refuse(request: LearnerRequest, found: Flashcard, why: str, status: int = 400) -> HttpResponse:
    if request.POST.get("back") == "review":
        tell = Told(notice=why, first=found.uuid, is_open=request.POST.get("open") == "1", status=status)
        return page(request, scope_from(request.POST), tell)
    messages.warning(request, why)
    return redirect("quizzes:card", found.uuid)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
