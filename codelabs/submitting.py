"""Taking a submission in: checked, kept, and handed to the grader once it is safely stored."""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from kombu.exceptions import OperationalError

from codelabs import tasks
from codelabs.models import Lab, Submission
from codelabs.report import Report
from codelabs.slots import Slots
from codelabs.verdict import Verdict

logger = logging.getLogger(__name__)

MAX_SOURCE_BYTES = 65_536
MAX_IN_FLIGHT = 2
BUSY = "All graders are busy. Your code is kept; please try again in a moment."
NO_QUEUE = "The graders cannot be reached just now. Your code is kept and this does not count; please send it again."
LOST = (
    "The grader was stopped while it worked on this. Your code is kept and this does not count; please send it again."
)
SLOTS = Slots(settings.GRADING_SLOTS)


class Refused(ValidationError):  # noqa: N818 - it is no error of the program
    """Nothing was kept or run; the message is one sentence for the learner, and `code` names the reason."""

    def __str__(self) -> str:
        return " ".join(self.messages)


def accept(owner: AbstractBaseUser | str, lab: Lab, source: str, kind: str, at: datetime) -> Submission:
    """Keep `source` as a submission of `owner` (a user, or a visitor's session key) and send it to be graded.

    Raises Refused for a source that cannot be run, an unknown kind, a third submission while two are in flight, and
    where this process grades, when it has no room for another grading.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    check(source)
    if kind not in Submission.Kind.values:
        raise Refused("That is neither a run nor a submission.", code="kind")
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        return _keep(owner, lab, source, kind, at)
    with SLOTS.slot(visitor=isinstance(owner, str)) as taken:
        if not taken:
            raise Refused(BUSY, code="busy")
        return _keep(owner, lab, source, kind, at)


def _keep(owner: AbstractBaseUser | str, lab: Lab, source: str, kind: str, at: datetime) -> Submission:
    """Store the submission, and send it once it is stored."""
    key: int | None = None if isinstance(owner, str) else owner.pk
    visitor = owner if isinstance(owner, str) else ""
    with transaction.atomic():
        if key is not None:
            # Two requests of one learner take turns here, so that both see the other's submission.
            get_user_model()._default_manager.select_for_update().only("pk").get(pk=key)
        every = Submission.objects
        mine = every.for_visitor(owner) if isinstance(owner, str) else every.for_user(owner)
        if mine.in_flight(at).count() >= MAX_IN_FLIGHT:
            raise Refused(
                "Two of your submissions are still being graded. Send this one when the first of them is done.",
                code="in-flight",
            )
        submission = Submission.objects.create(
            user_id=key,
            visitor=visitor,
            lab=lab,
            lab_version=lab.version,
            kind=kind,
            source=source,
            created_at=at,
        )
        transaction.on_commit(lambda: _send(submission, at))
    submission.refresh_from_db()  # with eager tasks it has been graded by now
    return submission


def _send(submission: Submission, at: datetime) -> None:
    """Hand the submission to the grader. A queue out of reach is our fault: the submission ends and says so."""
    try:
        tasks.grade.delay(submission.pk)
    except OperationalError as error:
        logger.exception("the queue cannot be reached")
        _end_as_our_fault(submission, NO_QUEUE, repr(error), at)


def end_lost(submission: Submission, at: datetime) -> bool:
    """End a submission whose grader died with it, as our fault, so that nobody waits for ever. True if this ended it.

    Called by whoever comes to look. What is finished, or may still be in somebody's hands, is left alone.
    """
    queue = not settings.CELERY_TASK_ALWAYS_EAGER
    if not submission.is_lost(at, queue=queue):
        return False
    logger.error("submission %s was lost: its grader died", submission.uuid)
    return _end_as_our_fault(submission, LOST, "the grader died", at)


def _end_as_our_fault(submission: Submission, message: str, reason: str, at: datetime) -> bool:
    mine = Submission.objects.claim(submission.pk, at)
    if mine is None:
        return False
    report = Report(mine.lab.slug, Verdict.INTERNAL, message=message, reason=reason)
    return mine.finish(report.as_result(), at)


def check(source: str) -> None:
    """Raise Refused unless `source` is text of at most 64 KiB in UTF-8, not empty, without a NUL character."""
    if not source.strip():
        raise Refused("There is no code to run yet. Write some, or reset to the starter.", code="empty")
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        raise Refused("Your code is not valid UTF-8 text. It was not run.", code="not-utf8") from error
    if size > MAX_SOURCE_BYTES:
        raise Refused(
            f"Your code is {size / 1024:.1f} KiB; a lab takes at most {MAX_SOURCE_BYTES // 1024} KiB. It was not run.",
            code="too-long",
        )
    if "\x00" in source:
        line = source.count("\n", 0, source.index("\x00")) + 1
        raise Refused(f"Line {line} holds a NUL character, which Python cannot read. It was not run.", code="nul")
