"""Quizzes: choosing one, answering question by question, and leaving and coming back."""

import datetime as dt
import random
import uuid as uuids
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import adaptive, beginning, marking, sessions
from quizzes.drawn import as_drawn
from quizzes.forms import EmptyGaps, QuizForm, answer_from, check_draft, check_gaps, check_length, too_long
from quizzes.lessons import lessons_of
from quizzes.models import QuizSession, SessionItem, Topic
from quizzes.models.session import holds_something
from quizzes.sheet import Sheet
from quizzes.stock import Stock
from quizzes.views.memory import proposed_for
from quizzes.views.sheets import (
    ALREADY,
    identity_from,
    number_from,
    redirect_of_get,
    refused,
    sheet_of,
    titled,
    wants_json,
)

RECENT = 5  # finished quizzes listed below the form
FINISHED = "This quiz is finished, so the answer was not counted."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest) -> HttpResponse:
    """Choose a quiz. The page counts along what fits; starting one leads to its first question."""
    topics = list(Topic.objects.in_order())
    stock = Stock.now()
    if request.method == "POST":
        form = QuizForm(request.POST, topics=topics)
        if form.is_valid():
            try:
                session = beginning.start(
                    request.user,
                    form.filters(),
                    timezone.now(),
                    random.SystemRandom(),
                    session_id=identity_from(request.POST.get("session", "")),
                )
            except beginning.IdentityTaken as error:
                raise Http404 from error
            except beginning.NothingFits:
                form.add_error(None, stock.why_nothing_fits(form.filters()))
            else:
                return redirect("quizzes:session", session.uuid)
    else:
        form = QuizForm({"number": 5} | _lists(request), topics=topics)
        form.is_valid()
        form.errors.clear()
    if request.htmx:
        return render(request, "quizzes/_fits.html", {"fit": stock.fit(form.filters())})
    mine = QuizSession.objects.for_user(request.user).quizzes().with_counts()
    offers = stock.by_topic(topics, form["topics"].value() or ())
    context = {
        "section": "quiz",
        "form": form,
        "session_id": identity_from(request.POST.get("session", "")),
        "fit": stock.fit(form.filters()),
        # A topic chosen by its address stays on the form, so that it can be unticked.
        "topics": [one for one in offers if one.count or one.chosen],
        "in_preparation": [one for one in offers if not (one.count or one.chosen)],
        "levels": stock.by_level(form["levels"].value() or ()),
        "kinds": stock.by_kind(form["kinds"].value() or ()),
        "unfinished": mine.unfinished()[:RECENT],
        "recent": mine.exclude(finished_at=None)[:RECENT],
    }
    return render(request, "quizzes/new.html", context)


def _lists(request: LearnerRequest) -> dict[str, Any]:
    """What an address such as /quiz/?topics=rnn asks for, over the form's usual start."""
    given: dict[str, Any] = {
        name: request.GET.getlist(name) for name in ("topics", "levels", "kinds") if name in request.GET
    }
    numbers = ("number", "minutes", "seconds", "adaptive")
    return given | {name: request.GET[name] for name in numbers if name in request.GET}


@login_required
@require_safe
def session(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """Where a session goes on: its next open question, else its overview, else its result."""
    mine = get_object_or_404(QuizSession.objects.for_user(request.user), uuid=uuid)
    if mine.kind == QuizSession.Kind.QUESTION:
        return redirect("quizzes:item", mine.uuid, 1)
    if mine.kind == QuizSession.Kind.MOCK:
        return redirect("quizzes:mock", mine.uuid)
    return _go_on(mine, after=number_from(request.GET.get("after", "")))


def _go_on(mine: QuizSession, *, after: int) -> HttpResponse:
    """To the next open question after position `after`, round the corner if need be."""
    if mine.finished_at is not None:
        return redirect("quizzes:result", mine.uuid)
    waiting = list(mine.items.open().values_list("position", flat=True))
    if not waiting:
        return redirect("quizzes:overview", mine.uuid)
    return redirect("quizzes:item", mine.uuid, next((one for one in waiting if one > after), waiting[0]))


@login_required
@require_safe
def overview(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """Every question of the session and how far it is; from here the learner finishes."""
    mine = get_object_or_404(QuizSession.objects.for_user(request.user).quizzes(), uuid=uuid)
    if mine.finished_at is not None:
        return redirect("quizzes:result", mine.uuid)
    items = list(mine.items.select_related("question__topic"))
    context = {
        "section": "quiz",
        "session": mine,
        "items": items,
        "unanswered": [item for item in items if not item.committed],
        "begun": [item for item in items if item.begun],
        "unmarked": [item for item in items if item.awaits_ticks],
        "seconds_left": _seconds_left(mine.deadline),
    }
    return render(request, "quizzes/overview.html", context)


def my_item(request: LearnerRequest, uuid: uuids.UUID, position: int) -> SessionItem:
    """The item with everything its page shows; another learner's is a 404."""
    items = SessionItem.objects.for_user(request.user).select_related("session", "question__topic")
    items = items.exclude(session__kind=QuizSession.Kind.MOCK)  # its stages have pages of their own
    return get_object_or_404(
        items.prefetch_related("question__choices", "question__rubric"), session__uuid=uuid, position=position
    )


@login_required
@require_safe
def item(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """One question: its form, or, once an answer is committed, what it was worth and the model answer."""
    mine = my_item(request, uuid, position)
    if mine.session.kind == QuizSession.Kind.QUESTION:
        return redirect("quizzes:question", mine.question.slug)
    if _waits(mine):
        siblings = mine.session.items.count()
        context = {"section": "quiz", "session": mine.session, "item": mine, "siblings": siblings}
        return render(request, "quizzes/cover.html", context | {"seconds_left": _seconds_left(mine.session.deadline)})
    asked = as_drawn(mine)
    return _item_page(request, mine, sheet_of(mine, asked))


def _waits(mine: SessionItem) -> bool:
    """Whether its clock has not been started yet: until then the question is not shown."""
    return bool(mine.session.filters.get("seconds")) and not (
        mine.committed or mine.opened_at or mine.session.finished_at
    )


@login_required
@require_POST
def show(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Show a question that has a clock of its own, and start that clock."""
    mine = my_item(request, uuid, position)
    if mine.session.finished_at is None:
        sessions.show(mine, timezone.now())
    return redirect("quizzes:item", mine.session.uuid, mine.position)


def _item_page(
    request: LearnerRequest, mine: SessionItem, sheet: Sheet, *, error: marking.MalformedAnswer | None = None
) -> HttpResponse:
    siblings = list(mine.session.items.only("position", "committed_at", "flagged", "draft", "score", "session"))
    # Reading an answer costs time of the quiz while a question is open; the clock of this question has stopped.
    running = mine.session.finished_at is None and not all(one.committed for one in siblings)
    end = (mine.session.deadline if running else None) if sheet.committed else sessions.deadline_of(mine)
    context = {
        "section": "quiz",
        "session": mine.session,
        "item": mine,
        "sheet": sheet,
        "asked": sheet.asked,
        "siblings": siblings,
        "done": sum(one.committed for one in siblings),
        "previous": mine.position - 1,
        "next": mine.position + 1 if mine.position < len(siblings) else 0,
        "all_done": all(one.committed and not one.awaits_ticks for one in siblings),
        "seconds_left": _seconds_left(end),
        "lessons": lessons_of(sheet.asked, sheet.answer, sheet.ticks) if sheet.committed else None,
        "labs": titled(sheet.asked.labs) if sheet.committed else (),
        "cards": mine.question.flashcards.published() if sheet.committed else (),
        "error": error,
        "empty_gaps": isinstance(error, EmptyGaps),
    }
    if sheet.committed:
        context |= proposed_for(mine, sheet.asked)
    return render(request, "quizzes/item.html", context, status=422 if error else 200)


def _seconds_left(deadline: dt.datetime | None) -> int | None:
    """None without a time limit; 0 once it has run out. The server's clock decides, not the browser's."""
    return None if deadline is None else max(0, round((deadline - timezone.now()).total_seconds()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Keep the draft and go where the pressed button says: another question, the overview, or nowhere (autosave)."""
    if (page := redirect_of_get(request, "quizzes:item", uuid, position)) is not None:
        return page
    mine = my_item(request, uuid, position)
    asked = as_drawn(mine)
    if not mine.committed and mine.session.finished_at is None:
        draft = answer_from(request.POST, asked)
        try:
            check_draft(draft)
        except marking.MalformedAnswer as error:
            return refused(request, str(error)) or _item_page(
                request, mine, sheet_of(mine, asked, draft=draft), error=error
            )
        kept = sessions.save_draft(mine, draft)
        told = too_long(draft) if kept else ALREADY
    else:
        # A second tab, in which the answer was still being written, must not look as if it had been kept.
        kept = not holds_something(answer_from(request.POST, asked))
        told = "" if kept else ALREADY if mine.committed else FINISHED
    if "flag" in request.POST:
        sessions.set_flag(mine, request.POST["flag"] == "on")
    if wants_json(request):
        return JsonResponse({"saved": kept, "message": told})
    if not kept:
        messages.info(request, told)
    go = request.POST.get("go", "")
    if go == "overview":
        return redirect("quizzes:overview", mine.session.uuid)
    target = number_from(go)
    if not mine.session.items.filter(position=target).exists():
        target = mine.position
    return redirect("quizzes:item", mine.session.uuid, target)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Commit the answer and show what it was worth. A second commit changes nothing and says so."""
    if (page := redirect_of_get(request, "quizzes:item", uuid, position)) is not None:
        return page
    mine = my_item(request, uuid, position)
    asked = as_drawn(mine)
    if mine.session.finished_at is not None and not mine.committed:
        messages.warning(request, FINISHED)
        return redirect("quizzes:result", mine.session.uuid)
    answer = sessions.GAVE_UP if "give-up" in request.POST else answer_from(request.POST, asked)
    try:
        check_draft(answer)
        # Kept first, so that whoever is refused and leaves the page finds it again.
        sessions.save_draft(mine, answer)
        check_length(answer)
        check_gaps(request.POST, answer)
        sessions.commit(mine, asked, answer, timezone.now())
        adaptive.draw_next(mine.session, random.SystemRandom())
    except marking.MalformedAnswer as error:
        return _item_page(request, mine, sheet_of(mine, asked, draft=answer), error=error)
    except sessions.AlreadyCommitted:
        messages.info(request, ALREADY)
    return redirect("quizzes:item", mine.session.uuid, mine.position)


@login_required
@require_POST
def tick(request: LearnerRequest, uuid: uuids.UUID, position: int) -> HttpResponse:
    """Save which rubric points the learner found in their own answer, and go on."""
    mine = my_item(request, uuid, position)
    asked = as_drawn(mine)
    if not mine.committed:
        messages.warning(request, "Commit an answer first; the rubric comes after it.")
        return redirect("quizzes:item", mine.session.uuid, mine.position)
    try:
        result = sessions.tick(mine, asked, request.POST.getlist("points"), timezone.now())
    except marking.MalformedAnswer as error:
        messages.error(request, str(error))
    else:
        adaptive.draw_next(mine.session, random.SystemRandom())
        messages.success(request, f"Saved: {result.points} of 10 for “{asked.title}”.")
        if "on" in request.POST:
            return _go_on(mine.session, after=mine.position)
    return redirect("quizzes:item", mine.session.uuid, mine.position)
