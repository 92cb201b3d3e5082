"""Grading as a task: run at once where there is no queue, by any worker where there is one."""

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from codelabs.availability import why_unavailable
from codelabs.content import LabData
from codelabs.grading import Marked, Steps, grade_steps
from codelabs.loading import data_of
from codelabs.models import Lab, Submission
from codelabs.report import Report
from codelabs.sitting import Sitting, prepare
from codelabs.stock import Stock
from codelabs.verdict import Verdict

logger = logging.getLogger(__name__)

HOLD_BACK = timedelta(milliseconds=100)  # of cases that follow each other quickly, since anything was shown
_OURS = "Something broke on our side while grading. Your submission is kept and this does not count against you."


def _seed() -> int:
    """Fresh for every paper and never stored: nobody can prepare answers for it."""
    return secrets.randbits(63)


STOCK = Stock(lambda lab: prepare(lab, _seed()), time.monotonic)


def prepare_for(lab: Lab) -> None:
    """Somebody reads this lab: have a sitting ready, where this process grades, by the time they send code in."""
    if settings.SANDBOX_WARM_UP and settings.CELERY_TASK_ALWAYS_EAGER and not why_unavailable(lab.runtime):
        STOCK.notice(data_of(lab))


def _take(lab: LabData) -> Sitting | None:
    return STOCK.take(lab) if settings.SANDBOX_WARM_UP else None


@shared_task(bind=True, acks_late=True)  # type: ignore[untyped-decorator]
def grade(self: Any, pk: int) -> None:
    """Grade submission `pk`. Called twice it grades once: what is finished or in other hands is left alone."""
    redelivered = bool((self.request.delivery_info or {}).get("redelivered"))
    submission = Submission.objects.claim(pk, timezone.now(), redelivered=redelivered)
    if submission is not None:
        for _ in grading(submission):
            pass


def grading(submission: Submission) -> Iterator[Submission]:
    """Grade a submission that is in our hands, and hand it out whenever cases have been published, and once it is
    finished.

    What is marked is published at once where the next case takes a while, and with others where cases are quick.
    """
    steps = _steps(submission)
    report, held, shown_at = None, list[Marked](), submission.created_at
    while report is None:
        try:
            marked = next(steps)
        except StopIteration as end:
            report = end.value
            continue
        if marked is not None:
            held.append(marked)
        if held and (marked is None or timezone.now() - shown_at >= HOLD_BACK):
            _publish(submission, held)
            held, shown_at = [], timezone.now()
            yield submission
    if report.reason:
        logger.error("submission %s of %s was not graded: %s", submission.uuid, submission.lab.slug, report.reason)
    # Verdict and lesson appear together: whoever sees the one sees the other.
    with transaction.atomic():
        finished = submission.finish(report.as_result(), timezone.now())
        if finished:
            _tell(submission)
    if finished:
        yield submission


def _steps(submission: Submission) -> Steps:
    try:
        lab, source, kind = data_of(submission.lab), submission.source, submission.kind
        with STOCK.quiet():
            return (
                yield from grade_steps(lab, source, kind, seed=_seed(), scratch=submission.scratch, sitting=_take(lab))
            )
    except Exception as error:  # whatever broke, a submission must end, and as our fault
        logger.exception("grading submission %s failed", submission.uuid)
        return Report(submission.lab.slug, Verdict.INTERNAL, message=_OURS, reason=repr(error))


def _publish(submission: Submission, marked: Sequence[Marked]) -> None:
    """Save the cases for whoever watches. It is a courtesy: the verdict does not depend on it."""
    try:
        submission.publish([one.result.as_json() for one in marked], marked[-1].total)
    except DatabaseError:
        logger.exception("the progress of submission %s was not saved", submission.uuid)


def _tell(submission: Submission) -> None:
    """Tell the bridge, and keep what it makes of the verdict. Its failure must not take that verdict away."""
    try:
        with transaction.atomic():
            lesson = import_string(settings.ON_LAB_VERDICT)(submission)
            if lesson != submission.lesson:
                submission.lesson = lesson
                submission.save(update_fields=["lesson"])
    except Exception:
        logger.exception("the verdict of submission %s was not passed on", submission.uuid)
