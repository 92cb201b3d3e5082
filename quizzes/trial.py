"""The question that a visitor may try without an account: the answer lives in their browser session, nowhere else."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.http import Http404

from quizzes import beginning, marking, sessions
from quizzes.asked import Asked, as_asked
from quizzes.models import Question
from quizzes.sheet import Sheet

SEED = "trial"
_KEY = "trial_answer"


def sheet(session: SessionBase, asked: Asked) -> Sheet:
    """What the visitor wrote, if it was on this question as it stands; else an empty sheet."""
    kept = _kept(session, asked)
    if kept is None:
        return Sheet(asked, SEED, {})
    ticks = kept["ticks"]
    return Sheet(
        asked,
        SEED,
        kept["answer"],
        committed=True,
        score=kept["score"],
        ticks=None if ticks is None else tuple(ticks),
        found=kept["found"],
    )


def _kept(session: SessionBase, asked: Asked) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = session.get(_KEY)
    return kept if kept and kept["question"] == [asked.slug, asked.version] else None


def commit(session: SessionBase, asked: Asked, answer: Mapping[str, Any]) -> None:
    """Raises marking.MalformedAnswer, and sessions.AlreadyCommitted if the visitor has answered it before."""
    if _kept(session, asked) is not None:
        raise sessions.AlreadyCommitted
    mark = sessions.judge(asked, answer)
    gave_up = answer == sessions.GAVE_UP
    session[_KEY] = {
        "question": [asked.slug, asked.version],
        "answer": dict(answer),
        "score": mark.score,
        "found": mark.as_json(),
        "ticks": [] if gave_up and asked.marked_by_rubric else None,
    }


def hand_over(user: models.Model, session: SessionBase, visitor: str, at: dt.datetime) -> None:
    """A visitor signs in: what they answered becomes the first answer of `user`, who must have given none before."""
    kept: dict[str, Any] | None = session.pop(_KEY, None)
    if kept is None:
        return
    slug, version = kept["question"]
    question = Question.objects.published().filter(slug=slug, version=version).first()
    if question is None or beginning.attempts(user, question).exists():
        return
    asked = as_asked(question)
    item = beginning.open_attempt(user, question, 0, at)
    sessions.commit(item, asked, kept["answer"], at)
    if kept["ticks"]:
        sessions.tick(item, asked, kept["ticks"], at)


def tick(session: SessionBase, asked: Asked, ticked: Collection[str]) -> marking.TickScore:
    """Raises Http404 before an answer, and marking.MalformedAnswer for a point that the rubric has not."""
    kept = _kept(session, asked)
    if kept is None:
        raise Http404
    result = marking.score_ticks(asked.rubric, ticked)
    session[_KEY] = kept | {"ticks": sorted(set(ticked)), "score": result.score}
    return result
