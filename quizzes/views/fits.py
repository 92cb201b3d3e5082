"""A fit to the learner's own log: asked for, and given up for the defaults."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from prepsite.lib.requests import LearnerRequest
from quizzes import fits, tasks
from quizzes.models import Fit

logger = logging.getLogger(__name__)
BACK = "/progress/#your-fit"


@login_required
@require_POST
def make(request: LearnerRequest) -> HttpResponse:
    fit = fits.ask(request.user, timezone.now())
    if fit is None:
        messages.info(request, "A fit is being made already.")
        return redirect(BACK)
    try:
        tasks.make_fit.delay(fit.pk)
    except OperationalError:
        logger.exception("the queue cannot be reached")
        fit.end(Fit.State.FAILED)
    return redirect(BACK)


@login_required
@require_POST
def defaults(request: LearnerRequest) -> HttpResponse:
    fits.back_to_defaults(request.user)
    messages.success(request, "The defaults hold again, from the next rating on.")
    return redirect(BACK)
