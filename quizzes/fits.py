"""Fitting the memory model to a learner's log: asked for, made, and given up again.

Reviews log the parameters they were scheduled with, so a new fit changes nothing that has been: it holds from the next
rating of each card on, and every card stays the fold of its log.
"""

import datetime as dt
from collections.abc import Callable

from django.db import models, transaction

from quizzes.fitting import Finding, TooFewReviews, find
from quizzes.models import Fit, Plan
from quizzes.review_evidence import log_of
from quizzes.scheduling import ALGORITHM


def ask(user: models.Model, at: dt.datetime) -> Fit | None:
    """A fit that waits to be made; None if one is under way already."""
    with transaction.atomic():
        fit, made = Fit.objects.select_for_update().get_or_create(user_id=user.pk, defaults={"asked_at": at})
        if not made:
            if fit.is_under_way(at):
                return None
            fit.asked_at, fit.state = at, Fit.State.WAITING
            fit.save(update_fields=["asked_at", "state"])
    return fit


def make(fit: Fit, enough: Callable[[], bool]) -> None:
    """Fit to the learner's log, judge by what was held out, and use the parameters or the defaults accordingly.

    `enough()` may end the search for better parameters early: what was found by then is judged as it is.
    """
    try:
        finding = find(log_of(fit.user), enough)
    except TooFewReviews:
        fit.end(Fit.State.TOO_FEW)
        return
    with transaction.atomic():
        _use(fit.user, finding.weights if finding.is_worth_keeping else None)
        fit.end(Fit.State.KEPT if finding.is_worth_keeping else Fit.State.REFUSED, finding.as_json())


def back_to_defaults(user: models.Model) -> None:
    _use(user, None)


def finding_of(fit: Fit | None) -> Finding | None:
    """What the latest fit found; None before there is one, or if what is stored cannot be read."""
    if fit is None or not fit.finding:
        return None
    try:
        return Finding.from_json(fit.finding)
    except (KeyError, TypeError, ValueError):
        return None


def _use(user: models.Model, weights: tuple[float, ...] | None) -> None:
    values = {"parameters": list(weights) if weights else None, "parameters_for": ALGORITHM if weights else ""}
    Plan.objects.update_or_create(user_id=user.pk, defaults=values)
