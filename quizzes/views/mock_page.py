"""One stage of a mock interview: finding it for its learner, and its page."""

import uuid as uuids
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string

from prepsite.lib.requests import LearnerRequest
from quizzes import marking
from quizzes.asked import Asked
from quizzes.drawn import as_drawn
from quizzes.forms import EmptyGaps
from quizzes.mocks import conducting, habits
from quizzes.mocks.follow_ups import FollowUp
from quizzes.mocks.script import FOLLOW_UP_MINUTES, SPEAKING_SECONDS, Script, Stage
from quizzes.models import QuizSession, SessionItem
from quizzes.views.sheets import sheet_of, wants_json

FINISHED = "This interview is finished, so nothing was changed."


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


def place_of(request: LearnerRequest, uuid: uuids.UUID, number: int) -> Place:
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


def stage_page(
    request: LearnerRequest,
    here: Place,
    *,
    draft: dict[str, Any] | None = None,
    error: marking.MalformedAnswer | None = None,
    follow_up_text: str = "",
    nothing_submitted: bool = False,
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
        "nothing_submitted": nothing_submitted,
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
    return render(request, "quizzes/mocks/stage.html", context, status=422 if error or nothing_submitted else 200)


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


def over(request: LearnerRequest, here: Place) -> HttpResponse | None:
    """Of an interview that was ended meanwhile: the sentence for a script, the report for a form. None before."""
    if here.session.finished_at is None:
        return None
    if wants_json(request):
        return JsonResponse({"saved": False, "message": FINISHED})
    messages.warning(request, FINISHED)
    return redirect("quizzes:mock-report", here.session.uuid)
