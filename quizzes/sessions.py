"""Quiz sessions: keeping drafts, committing answers, ticking rubric points, finishing. Beginning: quizzes.beginning.

A committed answer never changes. Committing is one conditional update, so that a double click or a second tab finds the
answer already there instead of overwriting it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from quizzes import marking
from quizzes.asked import Asked
from quizzes.lessons import misconceptions_in
from quizzes.models import QuizSession, SessionItem
from quizzes.reviewing import bring_forward

GAVE_UP: dict[str, Any] = {}  # the answer of someone who asked to see the model answer instead


class AlreadyCommitted(Exception):  # noqa: N818 - harmless: the first answer counts
    """The item had an answer before; that one stands."""


def save_draft(item: SessionItem, answer: Mapping[str, Any]) -> bool:
    """Keep what is written so far. False if an answer was committed meanwhile: then nothing changes."""
    return bool(SessionItem.objects.open().filter(pk=item.pk).update(draft=dict(answer)))


def set_flag(item: SessionItem, flagged: bool) -> None:
    SessionItem.objects.filter(pk=item.pk).update(flagged=flagged)


def commit(item: SessionItem, asked: Asked, answer: Mapping[str, Any], at: dt.datetime) -> marking.Mark:
    """Commit an answer and mark it if it can be marked. Pass GAVE_UP for "show me": that is worth nothing.

    The cards of the misconceptions that a wrong option shows come to the front of the learner's queue.
    Raises marking.MalformedAnswer (nothing is committed; the message is for the learner) and AlreadyCommitted.
    """
    mark = judge(asked, answer)
    settle(item, asked, answer, mark, at, late=is_late(item, at))
    return mark


def settle(
    item: SessionItem, asked: Asked, answer: Mapping[str, Any], mark: marking.Mark, at: dt.datetime, *, late: bool
) -> None:
    """Commit an answer with what it is worth, once, and bring the cards of its wrong options to the front of the
    learner's queue. Raises AlreadyCommitted."""
    changes: dict[str, Any] = {
        "answer": dict(answer),
        "committed_at": at,
        "late": late,
        "score": mark.score,
        "marking": mark.as_json(),
        "draft": {},
    }
    if answer == GAVE_UP and asked.marked_by_rubric:
        changes["ticks"] = []
    with transaction.atomic():
        if not SessionItem.objects.open().filter(pk=item.pk).update(**changes):
            raise AlreadyCommitted
        if item.session.kind == QuizSession.Kind.QUESTION:
            QuizSession.objects.unfinished().filter(pk=item.session_id).update(finished_at=at)
        _bring_forward(item, asked, misconceptions_in(asked, answer, None), at)
    for name, value in changes.items():
        setattr(item, name, value)


def show(item: SessionItem, at: dt.datetime) -> None:
    """Start the clock of a question that has one of its own; asked again, it runs since the first time."""
    if SessionItem.objects.open().filter(pk=item.pk, opened_at=None).update(opened_at=at):
        item.opened_at = at


def deadline_of(item: SessionItem) -> dt.datetime | None:
    """When the time for this question is over: its own clock or the whole quiz's, whichever ends first."""
    seconds = item.session.filters.get("seconds")
    own = item.opened_at + dt.timedelta(seconds=seconds) if seconds and item.opened_at else None
    return min((end for end in (own, item.session.deadline) if end is not None), default=None)


def is_late(item: SessionItem, at: dt.datetime) -> bool:
    end = deadline_of(item)
    return end is not None and at > end


def judge(asked: Asked, answer: Mapping[str, Any]) -> marking.Mark:
    """What an answer is worth, without saving anything. Raises marking.MalformedAnswer."""
    if answer == GAVE_UP:
        return marking.Mark(0.0)
    return marking.mark(asked.kind, asked.spec, asked.options, answer)


def tick(item: SessionItem, asked: Asked, ticked: Collection[str], at: dt.datetime) -> marking.TickScore:
    """Save which rubric points the learner found in their answer. Raises marking.MalformedAnswer if one is unknown.

    The cards of missed points come to the front; correcting the ticks brings no card forward a second time.
    """
    result = marking.score_ticks(asked.rubric, ticked)
    before = misconceptions_in(asked, item.answer or {}, item.ticks)
    item.ticks, item.score = sorted(set(ticked)), result.score
    missed = [slug for slug in misconceptions_in(asked, item.answer or {}, item.ticks) if slug not in before]
    with transaction.atomic():
        SessionItem.objects.committed().filter(pk=item.pk).update(ticks=item.ticks, score=item.score)
        _bring_forward(item, asked, missed, at)
    return result


def _bring_forward(item: SessionItem, asked: Asked, slugs: Iterable[str], at: dt.datetime) -> None:
    for slug in slugs:
        bring_forward(item.session.user, slug, f"your answer to “{asked.title}”", at)


def finish(session: QuizSession, at: dt.datetime) -> None:
    """Close the session. Questions without a committed answer stay unanswered; their drafts are kept."""
    QuizSession.objects.unfinished().filter(pk=session.pk).update(finished_at=at)
    session.refresh_from_db(fields=["finished_at"])
