"""The stages of a mock interview: beginning one, answering, scoring, follow-ups."""

import uuid as uuids

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import marking, sessions
from quizzes.forms import answer_from, check_draft, check_gaps, check_length, too_long
from quizzes.mocks import conducting
from quizzes.mocks.follow_ups import SCORES
from quizzes.models import SessionItem
from quizzes.views.mock_page import Place, over, place_of, stage_page
from quizzes.views.sheets import ALREADY, redirect_of_get, refused, wants_json

DONE = "That step was done before; nothing was changed."
STILL_GRADING = "What you submitted last is still being graded. Go on when its verdict is there, so that it counts."


@login_required
@require_safe
def stage(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """One stage. Its clock starts when it is begun, not when somebody looks at its address."""
    here = place_of(request, uuid, number)
    if here.session.finished_at is not None:
        return redirect("quizzes:mock-report", here.session.uuid)
    return stage_page(request, here)


@login_required
@require_POST
def begin(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Show the question and start the stage's clock."""
    here = place_of(request, uuid, number)
    if here.session.finished_at is None:
        conducting.open_stage(here.session, here.item, number, timezone.now())
    return redirect("quizzes:mock-stage", uuid, number)


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
    here = place_of(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (end := over(request, here)) is not None:
        return end
    draft = answer_from(request.POST, here.asked)
    try:
        check_draft(draft)
    except marking.MalformedAnswer as error:
        return refused(request, str(error)) or stage_page(request, here, draft=draft, error=error)
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
    here = place_of(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (end := over(request, here)) is not None:
        return end
    given = answer_from(request.POST, here.asked)
    minutes, now = here.script.minutes_to_answer(here.stage), timezone.now()
    try:
        if _gives_up(request, given["text"] if here.asked.marked_by_rubric else ""):
            conducting.pass_on(here.item, here.asked, minutes, now)
            return _onwards(here)
        check_draft(given)
        # Kept first, so that whoever is refused and leaves the page finds it again.
        sessions.save_draft(here.item, given)
        check_length(given)
        if "spoken" in request.POST and here.asked.marked_by_rubric:
            given |= conducting.SPOKEN
        else:
            check_gaps(request.POST, given)
        conducting.answer(here.item, here.asked, minutes, given, now)
    except marking.MalformedAnswer as error:
        return stage_page(request, here, draft=given, error=error)
    except sessions.AlreadyCommitted:
        messages.info(request, ALREADY)
    return redirect("quizzes:mock-stage", uuid, number)


def _gives_up(request: LearnerRequest, text: str) -> bool:
    """Whether somebody says that they do not know. A text that is there may be worth points: then it is the answer."""
    return "give-up" in request.POST and not text.strip()


@login_required
@require_POST
def score(request: LearnerRequest, uuid: uuids.UUID, number: int) -> HttpResponse:
    """Save which rubric points the answer had and how it was given."""
    here = place_of(request, uuid, number)
    if here.item is None or here.asked is None:
        raise Http404
    if (end := over(request, here)) is not None:
        return end
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
    here = place_of(request, uuid, number)
    if here.item is None:
        raise Http404
    if (end := over(request, here)) is not None:
        return end
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
        return stage_page(request, here, error=error, follow_up_text=text)
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
    here = place_of(request, uuid, number)
    if (end := over(request, here)) is not None:
        return end
    try:
        outcome, sure = import_string(settings.LAB_OUTCOME), "empty-handed" in request.POST
        conducting.close_lab(here.session, number, timezone.now(), outcome, empty_handed=sure)
    except conducting.NothingSubmitted:
        return stage_page(request, here, nothing_submitted=True)
    except conducting.NotNow:
        messages.info(request, "This stage has not been begun.")
        return redirect("quizzes:mock-stage", uuid, number)
    except conducting.StillGrading:
        messages.info(request, STILL_GRADING)
        return redirect("quizzes:mock-stage", uuid, number)
    return redirect("quizzes:mock", uuid)
