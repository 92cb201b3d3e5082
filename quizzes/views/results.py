"""The end of a quiz: finishing it, reading what it says, and trying again what was missed."""

import random
import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import adaptive, beginning, sessions
from quizzes.models import QuizSession
from quizzes.results import result_of
from quizzes.views.memory import proposed_for_all
from quizzes.views.sheets import identity_from, titled


@login_required
@require_POST
def finish(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    mine = get_object_or_404(QuizSession.objects.for_user(request.user).quizzes(), uuid=uuid)
    sessions.finish(mine, timezone.now())
    return redirect("quizzes:result", mine.uuid)


@login_required
@require_safe
def result(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    mine = get_object_or_404(QuizSession.objects.for_user(request.user).quizzes(), uuid=uuid)
    if mine.finished_at is None:
        return redirect("quizzes:overview", mine.uuid)
    found = result_of(mine)
    memory = proposed_for_all([(row.item, row.asked) for row in found.rows], request)
    context = memory | {
        "section": "quiz",
        "session": mine,
        "result": found,
        "to_rate": [(row, memory["proposed"][row.item.pk]) for row in found.rows if memory["proposed"][row.item.pk]],
        "level": adaptive.level_found(mine),
        "labs": titled(found.labs),
        "retry_id": uuids.uuid4(),
    }
    return render(request, "quizzes/result.html", context)


@login_required
@require_POST
def retry(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """A new quiz of what was missed. The form carries the new quiz's identity, so that a double click makes one."""
    mine = get_object_or_404(QuizSession.objects.for_user(request.user).quizzes(), uuid=uuid)
    if mine.finished_at is None:
        return redirect("quizzes:overview", mine.uuid)
    session_id = identity_from(request.POST.get("session", ""))
    try:
        missed = [row.item.question for row in result_of(mine).missed]
        again = beginning.ask_again(mine, missed, timezone.now(), random.SystemRandom(), session_id=session_id)
    except beginning.IdentityTaken as error:
        raise Http404 from error
    except beginning.NothingFits:
        messages.info(request, "Nothing was missed in this quiz, or what was missed is no longer asked.")
        return redirect("quizzes:result", mine.uuid)
    return redirect("quizzes:session", again.uuid)
