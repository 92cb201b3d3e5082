"""The stages of a mock interview: beginning one, answering, scoring, follow-ups."""

import uuid as uuids
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import marking, sessions
from quizzes.asked import Asked
from quizzes.drawn import as_drawn
from quizzes.forms import EmptyGaps, answer_from, check_draft, check_gaps, check_length, too_long
from quizzes.mocks import conducting, habits
from quizzes.mocks.follow_ups import SCORES, FollowUp
from quizzes.mocks.script import FOLLOW_UP_MINUTES, SPEAKING_SECONDS, Script, Stage
from quizzes.models import QuizSession, SessionItem
from quizzes.views.sheets import ALREADY, redirect_of_get, refused, sheet_of, wants_json

DONE = "That step was done before; nothing was changed."
FINISHED = "This interview is finished, so nothing was changed."
STILL_GRADING = "What you submitted last is still being graded. Go on when its verdict is there, so that it counts."


@dataclass(frozen=True)
class Place:
    """One stage of a learner's mock interview with everything that belongs to it."""

    session: QuizSession
    script: Script
    number: int
    stage: Stage
    item: SessionItem | None
    asked: Asked | None


def my_mock(request: LearnerRequest, uuid: uuids.UUID) -> QuizSession:
    return get_object_or_404(QuizSession.objects.for_user(request.user).mocks(), uuid=uuid)


def _place(request: LearnerRequest, uuid: uuids.UUID, number: int) -> Place:
    """A stage of the learner's own interview; anything else is a 404."""
    mine = my_mock(request, uuid)
    script = conducting.script_of(mine)
    if not 1 <= number <= len(script.stages):
        raise Http404
    stage = script.stages[number - 1]
    if stage.is_lab:
        return Place(mine, script, number, stage, None, None)
    items = mine.items.select_related("session", "question__topic")
    item = get_object_or_404(items.prefetch_related("question__choices", "question__rubric"), position=stage.position)
    return Place(mine, script, number, stage, item, as_drawn(item))


@login_required
@require_safe
def stage(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """One stage. Its clock starts when it is begun, not when somebody looks at its address."""
    here = _place(request, uuid, number)
    if here.session.finished_at is not None:
        return redirect("quizzes:mock-report", here.session.uuid)
    return _stage_page(request, here)


@login_required
@require_POST
def begin(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Show the question and start the stage's clock."""
    here = _place(request, uuid, number)
    if here.session.finished_at is None:
        conducting.open_stage(here.session, here.item, number, timezone.now())
    return redirect("quizzes:mock-stage", uuid, number)


def _stage_page(
    request: LearnerRequest,
    here: Place,
    *,
    draft: dict[str, Any] | None = None,
    error: marking.MalformedAnswer | None = None,
    follow_up_text: str = "",
) -> HttpResponse:
    item, stage, now = here.item, here.stage, timezone.now()
    to_answer = here.script.minutes_to_answer(stage)
    following = _next_follow_up(conducting.asked_next(item)) if item else None
    seconds_left = None
    if item is None or not item.committed:
        seconds_left = conducting.seconds_left(item or stage, to_answer, now)
    elif following and not following[1].answered:
        seconds_left = conducting.seconds_left(following[1], FOLLOW_UP_MINUTES, now)
    sheet = sheet_of(item, here.asked, draft=draft) if item and here.asked else None
    context = {
        "section": "mocks",
        "session": here.session,
        "script": here.script,
        "stage": stage,
        "number": here.number,
        "item": item,
        "asked": here.asked,
        "sheet": sheet,
        "withdrawn": stage.is_lab and not _is_offered(request, stage.lab),
        "opened": bool(item.opened_at if item else stage.opened_at),
        "to_answer": to_answer,
        "follow_up_minutes": FOLLOW_UP_MINUTES,
        "seconds_left": seconds_left,
        "habits": habits.HABITS,
        "habits_ticked": (item.habits or []) if item else [],
        "follow_up": following,
        "follow_up_text": follow_up_text,
        "done": conducting.is_done(stage, item),
        "may_score_again": item is not None and conducting.may_be_scored_again(item),
        "speaking": SPEAKING_SECONDS,
        "error": error,
        "empty_gaps": isinstance(error, EmptyGaps),
    }
    return render(request, "quizzes/mocks/stage.html", context, status=422 if error else 200)


def _is_offered(request: LearnerRequest, lab: str) -> bool:
    return any(one.slug == lab for one in import_string(settings.MOCK_LABS)(request.user))


def _next_follow_up(asked_next: list[FollowUp]) -> tuple[int, FollowUp, int] | None:
    """Number (from 0) of the follow-up that comes now, itself, and how many there are: first all are asked, then all
    are scored, because what one is scored by may answer the next."""
    left = [(one.answered, number) for number, one in enumerate(asked_next) if one.score is None]
    if not left:
        return None
    number = min(left)[1]
    return number, asked_next[number], len(asked_next)


def _over(request: LearnerRequest, here: Place) -> HttpResponse | None:
    """Of an interview that was ended meanwhile: the sentence for a script, the report for a form. None before."""
    if here.session.finished_at is None:
        return None
    if wants_json(request):
        return JsonResponse({"saved": False, "message": FINISHED})
    messages.warning(request, FINISHED)
    return redirect("quizzes:mock-report", here.session.uuid)


def _onwards(here: Place) -> HttpResponse:
    """To what is left of this stage, or else to where the interview goes on."""
    if conducting.is_done(here.stage, here.item):
        return redirect("quizzes:mock", here.session.uuid)
    return redirect(reverse("quizzes:mock-stage", args=[here.session.uuid, here.number]) + "#next")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Keep the draft."""
    if (page := redirect_of_get(request, "quizzes:mock-stage", uuid, number)) is not None:
        return page
    here = _place(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (over := _over(request, here)) is not None:
        return over
    draft = answer_from(request.POST, here.asked)
    try:
        check_draft(draft)
    except marking.MalformedAnswer as error:
        return refused(request, str(error)) or _stage_page(request, here, draft=draft, error=error)
    kept = sessions.save_draft(here.item, draft)
    if wants_json(request):
        return JsonResponse({"saved": kept, "message": too_long(draft) if kept else ALREADY})
    return redirect("quizzes:mock-stage", uuid, number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Commit the answer to a stage's question, typed or said aloud."""
    if (page := redirect_of_get(request, "quizzes:mock-stage", uuid, number)) is not None:
        return page
    here = _place(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (over := _over(request, here)) is not None:
        return over
    given = answer_from(request.POST, here.asked)
    if _gives_up(request, given["text"] if here.asked.marked_by_rubric else ""):
        given = sessions.GAVE_UP
    try:
        check_draft(given)
        # Kept first, so that whoever is refused and leaves the page finds it again.
        sessions.save_draft(here.item, given)
        check_length(given)
        if "spoken" in request.POST and here.asked.marked_by_rubric:
            given |= conducting.SPOKEN
        else:
            check_gaps(request.POST, given)
        minutes = here.script.minutes_to_answer(here.stage)
        conducting.answer(here.item, here.asked, minutes, given, timezone.now())
    except marking.MalformedAnswer as error:
        return _stage_page(request, here, draft=given, error=error)
    except sessions.AlreadyCommitted:
        messages.info(request, ALREADY)
    return _onwards(here) if given == sessions.GAVE_UP else redirect("quizzes:mock-stage", uuid, number)


def _gives_up(request: LearnerRequest, text: str) -> bool:
    """Whether somebody says that they do not know. A text that is there may be worth points: then it is the answer."""
    return "give-up" in request.POST and not text.strip()


@login_required
@require_POST
def score(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Save which rubric points the answer had and how it was given."""
    here = _place(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (over := _over(request, here)) is not None:
        return over
    try:
        conducting.score(
            here.item,
            here.asked,
            here.stage,
            here.script.follow_ups,
            request.POST.getlist("points"),
            request.POST.getlist("habits"),
            timezone.now(),
        )
    except conducting.NotNow:
        messages.warning(request, "Answer first; the points come after it.")
    except marking.MalformedAnswer as error:
        messages.error(request, str(error))
    return _onwards(here)


@login_required
@require_POST
def follow_up(request: LearnerRequest, uuid: uuids.UUID, number: int, which: int) -> HttpResponse:
    """Answer a follow-up, or say what the answer was worth."""
    here = _place(request, uuid, number)
    if here.item is None:
        raise Http404
    if (over := _over(request, here)) is not None:
        return over
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    if "draft" in request.POST:
        return _keep_follow_up(request, here.item, which, text)
    try:
        if (worth := SCORES.get(request.POST.get("worth", ""))) is not None:
            conducting.score_follow_up(here.item, which, worth)
        elif _gives_up(request, text):
            conducting.pass_follow_up(here.item, which, timezone.now())
        else:
            conducting.answer_follow_up(here.item, which, text, timezone.now(), spoken="spoken" in request.POST)
    except conducting.NotNow:
        messages.info(request, DONE)
    except marking.MalformedAnswer as error:
        return _stage_page(request, here, error=error, follow_up_text=text)
    return _onwards(here)


def _keep_follow_up(request: LearnerRequest, item: SessionItem, which: int, text: str) -> HttpResponse:
    """What the page saves of itself while an answer is being written."""
    given = {"text": text}
    try:
        check_draft(given)
        conducting.keep_follow_up(item, which, text)
    except conducting.NotNow:
        return JsonResponse({"saved": False, "message": ALREADY})
    except marking.MalformedAnswer as error:
        return JsonResponse({"message": str(error)}, status=422)
    return JsonResponse({"saved": True, "message": too_long(given)})


@login_required
@require_POST
def close_lab(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """End a lab stage; its best submission since it was begun counts."""
    here = _place(request, uuid, number)
    if (over := _over(request, here)) is not None:
        return over
    try:
        conducting.close_lab(here.session, number, timezone.now(), import_string(settings.LAB_OUTCOME))
    except conducting.NotNow:
        messages.info(request, "This stage has not been begun.")
        return redirect("quizzes:mock-stage", uuid, number)
    except conducting.StillGrading:
        messages.info(request, STILL_GRADING)
        return redirect("quizzes:mock-stage", uuid, number)
    return redirect("quizzes:mock", uuid)
