"""Conducting a mock interview: opening a stage, committing what was said, scoring it, asking further, closing.

Each step is one conditional update, or made of the row as it is under a lock, so that a second tab or a double click
finds the step done and changes nothing.
What was said stays as it was said; what it is worth the learner may correct until the interview is finished.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import models, transaction

from quizzes import marking, sessions
from quizzes.asked import Asked
from quizzes.lessons import beliefs_of, corrections
from quizzes.mocks import habits
from quizzes.mocks.follow_ups import Belief, FollowUp, follow_ups
from quizzes.mocks.script import FOLLOW_UP_MINUTES, LabOutcome, Script, Stage, StageKind
from quizzes.models import Misconception, QuizSession, SessionItem
from quizzes.reviewing import bring_forward

SPOKEN: dict[str, Any] = {"spoken": True}  # the mark on the answer of somebody who said it aloud
GRACE = dt.timedelta(seconds=15)  # between the last word and the click
_FOLLOW_UP_TIME = dt.timedelta(minutes=FOLLOW_UP_MINUTES)

Outcome = Callable[[models.Model, str, dt.datetime, dt.datetime], LabOutcome | None]
"""From a learner, a lab's slug and the instants between which it was worked on: what came of it; None while something
that was sent within them is still being graded."""


class NotNow(Exception):  # noqa: N818 - nothing is wrong, it is only another step's turn
    """This step is not open: it was done before, or something else comes first."""


class StillGrading(Exception):  # noqa: N818 - said as the other
    """What was sent last has no verdict yet; it counts, so the stage waits for it."""


class NothingSubmitted(Exception):  # noqa: N818 - said as the others
    """A lab stage would end without a submission."""


def script_of(session: QuizSession) -> Script:
    return Script.from_json(session.script)


def open_stage(session: QuizSession, item: SessionItem | None, number: int, at: dt.datetime) -> None:
    """Start the clock of a stage (counted from 1) when its question is asked for; later visits find it running."""
    if item is not None:
        if SessionItem.objects.open().filter(pk=item.pk, opened_at=None).update(opened_at=at):
            item.opened_at = at
        return
    _write(session, number, lambda one: one if one.opened_at else replace(one, opened_at=at.isoformat()))


def seconds_left(timed: SessionItem | Stage | FollowUp, minutes: int, at: dt.datetime) -> int | None:
    """Of so many minutes; None while it is not open. The server's clock decides."""
    opened = timed.opened_at
    if not opened:
        return None
    begun = dt.datetime.fromisoformat(opened) if isinstance(opened, str) else opened
    return max(0, round(60 * minutes - (at - begun).total_seconds()))


def answer(item: SessionItem, asked: Asked, minutes: int, given: Mapping[str, Any], at: dt.datetime) -> None:
    """Commit an answer, typed or with SPOKEN, that had so many minutes. Raises marking.MalformedAnswer and
    sessions.AlreadyCommitted."""
    spoken = bool(given.get("spoken"))
    mark = marking.Mark(None) if spoken and asked.marked_by_rubric else sessions.judge(asked, given)
    late = at > (item.opened_at or at) + dt.timedelta(minutes=minutes) + GRACE
    sessions.settle(item, asked, given, mark, at, late=late)


@transaction.atomic
def pass_on(item: SessionItem, asked: Asked, minutes: int, at: dt.datetime) -> None:
    """Say that one does not know. As for an answer without any point, the cards of what an adequate one needs come to
    the front of the queue. Raises sessions.AlreadyCommitted."""
    answer(item, asked, minutes, sessions.GAVE_UP, at)
    for slug in beliefs_of(asked):
        bring_forward(item.session.user, slug, f"a question that you did not know, “{asked.title}”", at)


def score(
    item: SessionItem,
    asked: Asked,
    stage: Stage,
    most: int,
    ticked: Collection[str],
    ways: Collection[str],
    at: dt.datetime,
) -> marking.TickScore:
    """Save the rubric points and the ways of answering, and choose up to `most` follow-ups in depth.

    Scored again, the follow-ups stay those that were asked. Raises marking.MalformedAnswer, NotNow.
    """
    if not item.committed:
        raise NotNow
    if unknown := set(ways) - habits.KEYS:
        raise marking.MalformedAnswer(f"There is no way of answering called “{min(unknown)}”.")
    result = sessions.tick(item, asked, ticked, at)
    item.habits = sorted(ways)
    SessionItem.objects.committed().filter(pk=item.pk).update(habits=item.habits)
    if stage.kind is StageKind.DEPTH:
        _go_deeper(item, asked, ticked, most, at)
    return result


def _go_deeper(item: SessionItem, asked: Asked, ticked: Collection[str], most: int, at: dt.datetime) -> None:
    """Ask up to `most` follow-ups, unless some were asked: another tab may have begun to answer them by now."""
    found = corrections({one.misconception for one in asked.adequate_points if one.misconception})
    beliefs = {slug: _belief(one) for slug, one in found.items()}
    chosen = [one.as_json() for one in _ask(follow_ups(asked, ticked, beliefs, most), 0, at)]
    SessionItem.objects.committed().filter(pk=item.pk, follow_ups=[]).update(follow_ups=chosen)
    item.refresh_from_db(fields=["follow_ups"])


def _belief(one: Misconception) -> Belief:
    return Belief(one.belief, one.correction_html)


def asked_next(item: SessionItem) -> list[FollowUp]:
    return [FollowUp.from_json(one) for one in item.follow_ups]


def keep_follow_up(item: SessionItem, number: int, text: str) -> None:
    """Keep the draft of an answer to follow-up `number` (from 0). Raises NotNow."""
    _follow(item, number, lambda one: replace(one, draft=text), when=_unanswered)


def answer_follow_up(item: SessionItem, number: int, text: str, at: dt.datetime, *, spoken: bool) -> None:
    """Commit the answer to follow-up `number`, and ask the next. Raises NotNow, marking.MalformedAnswer."""
    if not spoken and not text.strip():
        raise marking.MalformedAnswer("Write a sentence first, or say it aloud and tell so.")
    if len(text) > marking.LONGEST_TEXT:
        raise marking.MalformedAnswer(
            f"The answer has {len(text):,} characters, and at most {marking.LONGEST_TEXT:,} can be kept. "
            "Shorten it, please."
        )

    def commit(one: FollowUp) -> FollowUp:
        late = bool(one.opened_at) and at > dt.datetime.fromisoformat(one.opened_at) + _FOLLOW_UP_TIME + GRACE
        return replace(one, answer=text, spoken=spoken, answered=True, late=late, draft="")

    _follow(item, number, commit, when=_unanswered, then=lambda asked: _ask(asked, number + 1, at))


def pass_follow_up(item: SessionItem, number: int, at: dt.datetime) -> None:
    """Say that one does not know; worth nothing, and the next is asked. Raises NotNow."""
    _follow(
        item,
        number,
        lambda one: replace(one, answered=True, score=0.0, draft=""),
        when=_unanswered,
        then=lambda asked: _ask(asked, number + 1, at),
    )


def score_follow_up(item: SessionItem, number: int, value: float) -> None:
    """Save what the learner thinks their answer to a follow-up is worth. Raises NotNow."""
    _follow(item, number, lambda one: replace(one, score=value), when=lambda one: one.answered)


def _unanswered(one: FollowUp) -> bool:
    return not one.answered


def _ask(asked: list[FollowUp], number: int, at: dt.datetime) -> list[FollowUp]:
    """The follow-ups with the clock of one of them started, if there is one of that number."""
    return [replace(one, opened_at=at.isoformat()) if place == number else one for place, one in enumerate(asked)]


@transaction.atomic
def _follow(
    item: SessionItem,
    number: int,
    change: Callable[[FollowUp], FollowUp],
    *,
    when: Callable[[FollowUp], bool],
    then: Callable[[list[FollowUp]], list[FollowUp]] = lambda asked: asked,
) -> None:
    mine = SessionItem.objects.select_for_update().get(pk=item.pk)
    asked = asked_next(mine)
    if not 0 <= number < len(asked) or not when(asked[number]):
        raise NotNow
    asked[number] = change(asked[number])
    mine.follow_ups = item.follow_ups = [one.as_json() for one in then(asked)]
    mine.save(update_fields=["follow_ups"])


def open_labs(session: QuizSession) -> list[int]:
    """The numbers of the lab stages that were begun and have not ended."""
    stages = enumerate(script_of(session).stages, start=1)
    return [number for number, one in stages if one.is_lab and one.opened_at and not one.closed_at]


def close_lab(
    session: QuizSession, number: int, at: dt.datetime, outcome: Outcome, *, empty_handed: bool = True
) -> None:
    """End a lab stage: the best submission since it was opened counts. Raises NotNow for any other stage, StillGrading,
    and NothingSubmitted where the stage is not to be ended `empty_handed`."""
    stage = script_of(session).stages[number - 1]
    if not stage.is_lab or not stage.opened_at:
        raise NotNow
    if stage.closed_at:
        return
    opened = dt.datetime.fromisoformat(stage.opened_at)
    found = outcome(session.user, stage.lab, opened, at)
    if found is None:
        raise StillGrading
    if not found.tries and found.score is not None and not empty_handed:
        raise NothingSubmitted
    closed = {"closed_at": at.isoformat(), **asdict(found)}
    _write(session, number, lambda one: one if one.closed_at else replace(one, **closed))


@transaction.atomic
def _write(session: QuizSession, number: int, change: Callable[[Stage], Stage]) -> None:
    """Change a stage as it is by now, whatever `session` was read with."""
    mine = QuizSession.objects.select_for_update().get(pk=session.pk)
    script = script_of(mine)
    stages = tuple(change(one) if place == number else one for place, one in enumerate(script.stages, start=1))
    session.script = mine.script = replace(script, stages=stages).as_json()
    mine.save(update_fields=["script"])


def is_done(stage: Stage, item: SessionItem | None) -> bool:
    """Whether nothing is left to do in a stage."""
    if item is None:
        return bool(stage.closed_at)
    return item.committed and not item.awaits_ticks and all(one.score is not None for one in asked_next(item))


def may_be_scored_again(item: SessionItem) -> bool:
    """Whether the learner gave an answer the points that it has: until the end they may think better of it."""
    return bool(item.answer) and item.ticks is not None
