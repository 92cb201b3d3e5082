"""Mock interviews: starting one, where it goes on, its end and report, and those taken earlier."""

import random
import uuid as uuids
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import beginning
from quizzes.mocks import conducting, drawing, report
from quizzes.mocks.scores import Dimension, Score, scores_from
from quizzes.mocks.script import LENGTHS, Stage
from quizzes.models import QuizSession, SessionItem
from quizzes.models.question import Level
from quizzes.roles import DEFAULT_ROLE, ROLES
from quizzes.views.memory import proposed_for_all
from quizzes.views.mock_page import my_mock
from quizzes.views.mock_stages import STILL_GRADING
from quizzes.views.sheets import identity_from

RECENT = 12


class MockForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label="How long", coerce=int, choices=[(length, f"{length} minutes") for length in LENGTHS], initial=45
    )
    role = forms.ChoiceField(choices=[(role.slug, role.title) for role in ROLES.values()], initial=DEFAULT_ROLE)
    level = forms.ChoiceField(choices=Level.choices, initial=Level.INTERMEDIATE)
    spoken = forms.ChoiceField(
        label="How you answer",
        choices=[("typed", "I type my answers"), ("spoken", "I say them aloud, with a timer")],
        initial="typed",
    )

    def wish(self) -> drawing.Wish:
        given = self.cleaned_data
        return drawing.Wish(given["minutes"], given["role"], given["level"], given["spoken"] == "spoken")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mocks(request: LearnerRequest) -> HttpResponse:
    """Choose an interview; those that were taken, with their dimensions beside each other."""
    form = MockForm(request.POST or None, initial=_start(request))
    if request.method == "POST" and form.is_valid():
        try:
            mine = drawing.start(
                request.user,
                form.wish(),
                timezone.now(),
                random.SystemRandom(),
                partial(import_string(settings.MOCK_LABS), request.user),
                session_id=identity_from(request.POST.get("session", "")),
            )
        except beginning.IdentityTaken as error:
            raise Http404 from error
        except beginning.NothingFits:
            form.add_error(None, "Nothing has been published that an interview could ask. Choose another role, please.")
        else:
            return redirect("quizzes:mock", mine.uuid)
    taken = QuizSession.objects.for_user(request.user).mocks()
    finished = list(taken.exclude(finished_at=None).order_by("-finished_at")[:RECENT])
    context = {
        "section": "mocks",
        "form": form,
        "session_id": identity_from(request.POST.get("session", "")),
        "unfinished": [(one, conducting.script_of(one)) for one in taken.unfinished()[:RECENT]],
        "finished": [(one, conducting.script_of(one), scores_from(one.report)) for one in finished],
        "dimensions": Dimension,
        "counted": set(taken.taken().filter(pk__in=[one.pk for one in finished]).values_list("pk", flat=True)),
    }
    return render(request, "quizzes/mocks/index.html", context, status=422 if form.errors else 200)


def _start(request: LearnerRequest) -> dict[str, Any]:
    """An address such as /mocks/?minutes=20 chooses on the form; anything else is the form's own start."""
    given = {name: request.GET[name] for name in MockForm.base_fields if name in request.GET}
    form = MockForm({name: field.initial for name, field in MockForm.base_fields.items()} | given)
    form.is_valid()
    return {name: value for name, value in given.items() if name not in form.errors}


@login_required
@require_safe
def mock(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """Where the interview goes on: its first stage that is not done, else its end."""
    mine = my_mock(request, uuid)
    if mine.finished_at is not None:
        return redirect("quizzes:mock-report", mine.uuid)
    items = {item.position: item for item in mine.items.all()}
    stages = [
        (number, stage, items.get(stage.position or 0))
        for number, stage in enumerate(conducting.script_of(mine).stages, start=1)
    ]
    for number, stage, item in stages:
        if not conducting.is_done(stage, item):
            return redirect("quizzes:mock-stage", mine.uuid, number)
    return _page_of_end(request, mine, [one for one in stages if one[2] and conducting.may_be_scored_again(one[2])])


def _page_of_end(
    request: LearnerRequest, mine: QuizSession, scored: list[tuple[int, Stage, SessionItem | None]]
) -> HttpResponse:
    context = {"section": "mocks", "session": mine, "script": conducting.script_of(mine), "scored": scored}
    return render(request, "quizzes/mocks/end.html", context)


@login_required
@require_POST
def finish(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    """End the interview, whatever is left open, and read the report. What a lab has come to by now counts."""
    mine, now = my_mock(request, uuid), timezone.now()
    if mine.finished_at is None:
        for number in conducting.open_labs(mine):
            try:
                conducting.close_lab(mine, number, now, import_string(settings.LAB_OUTCOME))
            except conducting.StillGrading:
                messages.info(request, STILL_GRADING)
                return redirect("quizzes:mock-stage", uuid, number)
    report.finish(mine, now)
    return redirect("quizzes:mock-report", mine.uuid)


@login_required
@require_safe
def read_report(request: LearnerRequest, uuid: uuids.UUID) -> HttpResponse:
    mine = my_mock(request, uuid)
    if mine.finished_at is None:
        return redirect("quizzes:mock", mine.uuid)
    found = report.report_of(mine)
    taken = QuizSession.objects.for_user(request.user).mocks().taken()
    earlier = taken.filter(finished_at__lt=mine.finished_at).order_by("-finished_at").first()
    before = scores_from(earlier.report) if earlier else ()
    answers = [(row.item, row.asked) for row in found.rows if row.item and row.asked]
    memory = proposed_for_all(answers, request)
    context = memory | {
        "section": "mocks",
        "session": mine,
        "report": found,
        "rows": [(row, memory["proposed"].get(row.item.pk, []) if row.item else []) for row in found.rows],
        "scores": [(one, _before(one, before)) for one in found.scores],
        "earlier": earlier,
        "earlier_script": conducting.script_of(earlier) if earlier else None,
    }
    return render(request, "quizzes/mocks/report.html", context)


def _before(score: Score, before: tuple[Score, ...]) -> Score:
    return next((one for one in before if one.dimension == score.dimension), replace(score, won=0, of=0))
