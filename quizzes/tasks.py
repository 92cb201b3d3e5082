"""Fitting as a task: at once where there is no queue, by any worker where there is one."""

import logging
import time

from celery import shared_task

from quizzes import fits
from quizzes.models import Fit

logger = logging.getLogger(__name__)
SEARCH_SECONDS = 20


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def make_fit(pk: int) -> None:
    """Make fit `pk`; one that has been made, or whose learner has gone, is left alone."""
    fit = Fit.objects.filter(pk=pk, state=Fit.State.WAITING).select_related("user").first()
    if fit is None:
        return
    until = time.monotonic() + SEARCH_SECONDS
    try:
        fits.make(fit, lambda: time.monotonic() > until)
    except Exception:  # whatever broke, the learner must not wait for ever, and is told that it is our fault
        logger.exception("fit %s failed", pk)
        fit.end(Fit.State.FAILED)
