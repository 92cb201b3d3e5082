"""Taking a submission in: checked, kept, and handed to the grader once it is safely stored."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from codelabs import tasks
from codelabs.models import Lab, Submission
from codelabs.report import Report
from codelabs.slots import Slots
from codelabs.verdict import Verdict

logger = logging.getLogger(__name__)

MAX_SOURCE_BYTES = 65_536
MAX_IN_FLIGHT = 2
WAIT_SECONDS = 3  # until it is worth asking again for a place
BUSY = "All graders are busy. Your code is kept; please try again in a moment."
IN_FLIGHT = (
    "Two of your attempts are still being graded. Your code is kept; send this one when the first of them is done."
)
NO_QUEUE = "The graders cannot be reached just now. Your code is kept and this does not count; please send it again."
LOST = (
    "The grader was stopped while it worked on this. Your code is kept and this does not count; please send it again."
)
SLOTS = Slots(settings.GRADING_SLOTS)


class Refused(ValidationError):  # noqa: N818 - it is no error of the program
    """Nothing was kept or run; the message is one sentence for the learner, and `code` names the reason.

    `wait_seconds` is after how long the same attempt may be taken, or None if waiting does not help.
    """

    def __init__(self, message: str, code: str, *, wait_seconds: int | None = None) -> None:
        super().__init__(message, code=code)
        self.wait_seconds = wait_seconds

    def __str__(self) -> str:
        return " ".join(self.messages)


class Live:
    """A submission that this process grades while it is iterated over: whenever cases have been marked, and once it is
    finished.

    Closing it finishes the grading, for nobody's attempt is dropped because they looked away. With a queue somebody
    else grades, and there is nothing to iterate over.
    """

    def __init__(self, submission: Submission, room: ExitStack | None) -> None:
        self.submission = submission
        self._room = room
        self._steps = iter(()) if room is None else tasks.grading(submission)

    def __iter__(self) -> Iterator[Submission]:
        try:
            yield from self._steps
        finally:
            self.close()

    def close(self) -> None:
        try:
            for _ in self._steps:
                pass
        finally:
            if self._room is not None:
                self._room.close()


def accept(
    owner: AbstractBaseUser | str, lab: Lab, source: str, kind: str, at: datetime, *, scratch: str = "", hints: int = 0
) -> Submission:
    """Keep `source` as a submission of `owner` (a user, or a visitor's session key) and send it to be graded.

    Raises Refused for a source that cannot be run, an unknown kind, a third submission while two are in flight, and
    where this process grades, when it has no room for another grading.
    """
    source = _readable(source, kind)
    with _room(owner):
        submission = _keep(owner, lab, at, send=True, source=source, kind=kind, scratch=scratch, hints=hints)
    submission.refresh_from_db()  # with eager tasks it has been graded by now
    return submission


def accept_live(
    owner: AbstractBaseUser | str, lab: Lab, source: str, kind: str, at: datetime, *, scratch: str = "", hints: int = 0
) -> Live:
    """As `accept`, for somebody who watches: where this process grades, it does so while `Live` is iterated over."""
    source = _readable(source, kind)
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        return Live(_keep(owner, lab, at, send=True, source=source, kind=kind, scratch=scratch, hints=hints), None)
    with ExitStack() as room:
        room.enter_context(_room(owner))
        begun = {"status": Submission.Status.RUNNING, "started_at": at}  # in these hands from the first
        written = {"source": source, "kind": kind, "scratch": scratch, "hints": hints}
        submission = _keep(owner, lab, at, send=False, **written, **begun)
        return Live(submission, room.pop_all())


def _readable(source: str, kind: str) -> str:
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    check(source)
    if kind not in Submission.Kind.values:
        raise Refused("That is neither a run nor a submission.", code="kind")
    return source


@contextmanager
def _room(owner: AbstractBaseUser | str) -> Iterator[None]:
    """A slot for a grading, if this process grades. Raises Refused where none is free."""
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        yield
        return
    with SLOTS.slot(visitor=isinstance(owner, str)) as taken:
        if not taken:
            raise Refused(BUSY, code="busy", wait_seconds=WAIT_SECONDS)
        yield


def _keep(owner: AbstractBaseUser | str, lab: Lab, at: datetime, *, send: bool, **written: Any) -> Submission:
    """Store what the learner has `written`, and send it once it is stored if it is to be sent."""
    whose: dict[str, Any] = {"visitor": owner} if isinstance(owner, str) else {"user": owner}
    with transaction.atomic():
        _take_turn(owner)
        every = Submission.objects
        mine = every.for_visitor(owner) if isinstance(owner, str) else every.for_user(owner)
        if mine.in_flight(at).count() >= MAX_IN_FLIGHT:
            raise Refused(IN_FLIGHT, code="in-flight", wait_seconds=WAIT_SECONDS)
        submission = Submission.objects.create(lab=lab, lab_version=lab.version, created_at=at, **whose, **written)
        if send:
            transaction.on_commit(lambda: _send(submission, at))
    return submission


def _take_turn(owner: AbstractBaseUser | str) -> None:
    """Let two requests of one owner follow each other until their transactions end, so that both see the other's
    submission. A visitor has no row to lock."""
    if connection.vendor != "postgresql":
        return  # SQLite lets one writing transaction run at a time anyway
    if not isinstance(owner, str):
        get_user_model()._default_manager.select_for_update().only("pk").get(pk=owner.pk)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [owner])


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
