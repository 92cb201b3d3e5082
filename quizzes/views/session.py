"""The page of a review session: the card that waits, what can be done with it, and the card after it.

A script gets the session's section alone; without one each post leads back to the page. A refusal is a page as well:
what was wrong in one sentence, and the card that the queue gives now: the one that was refused may not be due yet.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from prepsite.lib.requests import LearnerRequest
from quizzes import leeches, planning, proposals, timewords
from quizzes.card_log import Shown
from quizzes.card_marks import told
from quizzes.day_load import load
from quizzes.lab_cards import due_labs
from quizzes.models import Card, Flashcard, Review
from quizzes.planning import Terms
from quizzes.proposals import Proposal
from quizzes.rereading import Reading, reading_for
from quizzes.review_queue import Queue, queue
from quizzes.scheduling import StudyClock, preview
from quizzes.scopes import Mode, Scope
from quizzes.searching import BadSearch
from quizzes.why import why_now

RATED = "{rating}, back in {interval}."
MANY_WAIT = 50  # cards that have waited a day or longer: from here on, spreading them is offered


class EventForm(forms.Form):
    """What every event brings: the id that its page made."""

    event = forms.UUIDField()


class ScopeForm(forms.Form):
    """What a session is about, as its address and its forms carry it. What cannot be read counts as the day's queue."""

    mode = forms.ChoiceField(choices=[(mode.value, mode.value) for mode in Mode], required=False)
    q = forms.CharField(required=False, max_length=2000)
    since = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"])


@dataclass(frozen=True)
class Button:
    """A rating that can be given, with the interval that it gives."""

    rating: Review.Rating
    interval: str


@dataclass(frozen=True)
class Face:
    """One card as the page shows it, with everything that can be done to it."""

    shown: Shown
    why: str
    buttons: list[Button]
    event: uuid.UUID  # for browsers that make no ids of their own
    act_event: uuid.UUID
    points: list[Any]
    proposal: Proposal | None
    missed: tuple[str, ...]
    reading: Reading | None

    @property
    def proposed(self) -> int | None:
        return self.proposal.rating if self.proposal else None


@dataclass(frozen=True)
class Told:
    """What a page says beside its card. `said` is read out; `notice` and `stale` tell of a refusal. `first` is the
    card to show first if it waits, `is_open` whether its answer is shown; `missed` are points ticked as left out."""

    said: str = ""
    notice: str = ""
    stale: Shown | None = None
    first: uuid.UUID | None = None
    is_open: bool = False
    missed: tuple[str, ...] = ()
    leech: Review | None = None  # the rating at which a card was forgotten once too often
    aloud: bool = False  # whether `said` is shown as well as read out
    status: int = 200


def clock_of(request: LearnerRequest) -> StudyClock:
    return StudyClock(request.user.zone, request.user.day_start_hour)


def scope_from(data: QueryDict) -> Scope:
    form = ScopeForm(data)
    form.is_valid()
    given = form.cleaned_data
    return Scope(Mode(given.get("mode") or Mode.DUE), (given.get("q") or "").strip(), given.get("since"))


def address(scope: Scope, first: uuid.UUID | None = None) -> str:
    """The address of the session, at a card of it if one is named."""
    wanted = scope_fields(scope) | ({"card": str(first)} if first else {})
    return reverse("quizzes:review") + (f"?{urlencode(wanted)}" if wanted else "")


def scope_fields(scope: Scope) -> dict[str, str]:
    """What a form or an address needs to name the scope again; nothing for the day's queue."""
    fields = {} if scope.mode is Mode.DUE else {"mode": scope.mode.value}
    fields |= {"q": scope.query} if scope.query else {}
    since = scope.since.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if scope.since else ""
    return fields | ({"since": since} if since else {})


def page(request: LearnerRequest, scope: Scope, tell: Told = Told()) -> HttpResponse:
    """The whole page, or for a script the session's section alone."""
    now, clock = timezone.now(), clock_of(request)
    terms = planning.terms_of(request.user, clock.day(now))
    if scope.practises and scope.since is None:
        scope = replace(scope, since=now)
    try:
        waiting = queue(request.user, now, clock, terms=terms, scope=scope, first=tell.first)
    except BadSearch as bad:
        return render(
            request, "quizzes/review_search.html", {"section": "review", "bad": bad, "scope": scope}, status=400
        )
    context: dict[str, Any] = {
        "section": "review",
        "queue": waiting,
        "scope": scope,
        "scope_fields": scope_fields(scope),
        "tell": tell,
        "stale_returns": timewords.when(tell.stale.memory.due, now, clock) if tell.stale else "",
        "last": said_of(waiting.last) if waiting.last else "",
        "redo": said_of(waiting.redo.undoes) if waiting.redo and waiting.redo.undoes else "",
        "has_cards": not waiting.next and not waiting.next_at and Flashcard.objects.published().exists(),
        "next_at": timewords.when(waiting.next_at, now, clock) if waiting.next_at else "",
        "undo_event": uuid.uuid4(),
        "redo_event": uuid.uuid4(),
        "on_break": terms.break_on(clock.day(now)),
        "flags": [(f"flag-{flag.name.lower()}", flag.label) for flag in Card.Flag],
        "leech": _leech(tell.leech),
        "many_wait": _many_wait(request, waiting, scope, terms, now, clock),
    }
    if not request.htmx and scope.is_plain:
        context["labs_due"] = due_labs(request.user, clock.day(now))
    if waiting.next:
        context["face"] = _face(request, waiting.next, scope, terms, now, clock, tell.missed)
        if waiting.ahead and not tell.notice and not tell.stale:
            context["ahead"] = _face(request, waiting.ahead, scope, terms, now, clock)
    template = "quizzes/review_card.html" if request.htmx else "quizzes/review.html"
    return render(request, template, context, status=tell.status)


def back_to(request: LearnerRequest, scope: Scope, tell: Told) -> HttpResponse:
    """After a post that went well: the section for a script, else the page, by way of a redirect."""
    if request.htmx:
        return page(request, scope, tell)
    if tell.said:
        messages.info(request, tell.said)
    return redirect(address(scope, tell.first))


def said_of(given: Review) -> str:
    """What an event did, as a page says it."""
    if given.kind == Review.Kind.MARK:
        return f"{told(given).capitalize()}."
    if given.kind == Review.Kind.PRACTICE:
        return f"{given.get_rating_display()}, for practice."
    return RATED.format(rating=given.get_rating_display(), interval=timewords.interval(given.memory_after))


def _face(
    request: LearnerRequest,
    shown: Shown,
    scope: Scope,
    terms: Terms,
    now: dt.datetime,
    clock: StudyClock,
    missed: tuple[str, ...] = (),
) -> Face:
    points = proposals.must_haves(shown)
    proposal = proposals.from_missed(points, missed) or proposals.from_answers(request.user, shown, points)
    return Face(
        shown=shown,
        why=why_now(shown, now, clock, terms.settings, scope.mode),
        buttons=_practice_buttons() if scope.practises else _buttons(request, shown, terms, now, clock),
        event=uuid.uuid4(),
        act_event=uuid.uuid4(),
        points=points,
        proposal=proposal,
        missed=missed,
        reading=reading_for(shown.flashcard) if leeches.is_leech(shown.memory.lapses) else None,
    )


def _buttons(request: LearnerRequest, shown: Shown, terms: Terms, now: dt.datetime, clock: StudyClock) -> list[Button]:
    waiting = load(request.user, shown.flashcard, clock.day(now), terms.breaks)
    offered = preview(shown.memory, now, clock, terms.settings, shown.seed, waiting)
    return [Button(Review.Rating(rating), timewords.interval(memory)) for rating, memory in offered.items()]


def _practice_buttons() -> list[Button]:
    return [Button(Review.Rating.AGAIN, "once more"), Button(Review.Rating.GOOD, "done")]


def _leech(given: Review | None) -> dict[str, Any] | None:
    """What is said of a card that was forgotten once too often: how often, and where to read."""
    if given is None:
        return None
    flashcard = given.card.flashcard
    return {"flashcard": flashcard, "lapses": given.memory_after.lapses, "reading": reading_for(flashcard)}


def _many_wait(
    request: LearnerRequest, waiting: Queue, scope: Scope, terms: planning.Terms, now: dt.datetime, clock: StudyClock
) -> int:
    """How many cards have waited a day or longer, if they are so many that spreading them is worth offering. Until an
    interview the plan spreads them, and there may be no days after it."""
    today = clock.day(now)
    planned = terms.interview_on is not None and terms.interview_on >= today
    if not scope.is_plain or planned or waiting.counts.due < MANY_WAIT:
        return 0
    overdue = Card.objects.for_user(request.user).learned().filter(queue_day__lt=today).order_by()
    number = overdue[: 10 * MANY_WAIT].count()
    return number if number >= MANY_WAIT else 0
