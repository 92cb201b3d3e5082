"""What somebody sent before they had an account becomes theirs when they sign in."""

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import models

from codelabs.models import Draft, Submission


def hand_over(user: models.Model, session: SessionBase, visitor: str, at: datetime) -> None:
    """Give `user` the attempts of the session that had the key `visitor` before they signed in.

    The latest code of each lab becomes the draft, unless the account has one already.
    """
    theirs = Submission.objects.for_visitor(visitor)
    latest = {attempt.lab_id: attempt for attempt in theirs.order_by("created_at", "pk")}
    for attempt in latest.values():
        kept = {"source": attempt.source, "scratch": attempt.scratch, "saved_at": attempt.created_at}
        Draft.objects.get_or_create(user_id=user.pk, lab_id=attempt.lab_id, defaults=kept)
    theirs.update(user_id=user.pk, visitor="")
