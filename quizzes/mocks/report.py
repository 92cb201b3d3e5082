"""What a finished mock interview says: points by dimension, where 6 became 9, what to study, and how it compares."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from quizzes import sessions
from quizzes.asked import Asked, Point
from quizzes.drawn import all_as_drawn
from quizzes.lessons import beliefs_of, corrections, misconceptions_in, unsaid_in
from quizzes.mocks import habits
from quizzes.mocks.conducting import asked_next, script_of
from quizzes.mocks.follow_ups import FollowUp
from quizzes.mocks.scores import ADEQUATE, OUTSTANDING, Dimension, Score, rounded_down
from quizzes.mocks.script import Script, Stage
from quizzes.models import Card, Guide, Misconception, QuizSession, SessionItem
from quizzes.sheet import Sheet, Verdict, verdict_of

FOLLOW_UP_POINTS = 3
LAB_POINTS = BUG_POINTS = 10
NOT_ANSWERED = Verdict("new", "not answered")
NOT_KNOWN = Verdict("weak", "not known")
NOT_SCORED = Verdict("new", "answered, without points")
WITHDRAWN = Verdict("new", "no longer offered")


@dataclass(frozen=True)
class Told:
    """A point of a rubric, whether the answer had it, and the belief that often lies behind it if it had not."""

    point: Point
    said: bool
    behind: Misconception | None = None


@dataclass(frozen=True)
class Row:
    """One stage and what was said in it. `item`, `asked` and `sheet` are None for a lab; `adequate` and `outstanding`
    are empty for what has no rubric."""

    number: int
    stage: Stage
    item: SessionItem | None = None
    asked: Asked | None = None
    sheet: Sheet | None = None
    verdict: Verdict = NOT_ANSWERED
    adequate: tuple[Told, ...] = ()
    outstanding: tuple[Told, ...] = ()
    ways: tuple[tuple[str, bool], ...] = ()  # of answering: what communication is scored by, and whether it was so
    follow_ups: tuple[FollowUp, ...] = ()
    minutes: int = 0  # that there were
    minutes_used: float | None = None
    late: bool = False

    @property
    def share(self) -> float:
        """From 0 to 1; what was not answered or has no points yet is worth nothing."""
        return (self.stage.score if self.item is None else self.item.score) or 0.0

    @property
    def is_outstanding(self) -> bool:
        return self.item is not None and self.share >= OUTSTANDING

    @property
    def is_below_the_line(self) -> bool:
        """Whether it is worth doing again: code is right or it is not, an answer is adequate or it is not."""
        has_rubric = self.asked is not None and self.asked.marked_by_rubric
        return not self.stage.withdrawn and self.share < (ADEQUATE if has_rubric else 1)

    @property
    def would_make_it_nine(self) -> tuple[Point, ...]:
        return tuple(one.point for one in self.outstanding if not one.said)


@dataclass(frozen=True)
class Report:
    """`cards` are those about what was missing that wait in the learner's queue still."""

    script: Script
    rows: tuple[Row, ...]
    scores: tuple[Score, ...]
    total: Score
    guides: tuple[Guide, ...] = ()
    cards: int = 0

    @property
    def again(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_below_the_line)

    @property
    def would_make_nine(self) -> tuple[tuple[Row, tuple[Point, ...]], ...]:
        """The answers above the line of an adequate one, with the points that they still lacked."""
        return tuple(
            (row, row.would_make_it_nine) for row in self.rows if row.would_make_it_nine and not row.is_below_the_line
        )

    @property
    def is_flawless(self) -> bool:
        return not (self.again or self.would_make_nine or self.guides or self.cards)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it, so that later interviews can be compared with it."""
        return {one.dimension: [one.won, one.of] for one in self.scores}


@transaction.atomic
def finish(session: QuizSession, at: dt.datetime) -> None:
    """End an interview and keep the points of its report: both or neither. Ended again, the first time stands."""
    sessions.finish(session, at)
    if session.finished_at == at:
        QuizSession.objects.filter(pk=session.pk).update(report=report_of(session).as_json())


def report_of(session: QuizSession) -> Report:
    """Read a mock interview's report, in a number of queries that does not depend on what was asked."""
    script = script_of(session)
    items = {
        item.position: item
        for item in session.items.select_related("session", "question__topic").prefetch_related(
            "question__choices", "question__rubric"
        )
    }
    drawn = all_as_drawn(items.values())
    slugs = {slug for item in items.values() for slug in _brought_forward(item, drawn[item.pk])}
    known = corrections(slugs)
    rows = []
    for number, stage in enumerate(script.stages, start=1):
        item = items.get(stage.position or 0)
        rows.append(
            _lab_row(number, stage) if item is None else _row(number, stage, script, item, drawn[item.pk], known)
        )
    scores = _scores(rows)
    weak = {
        row.asked.topic_slug
        for row in rows
        if row.asked and (row.is_below_the_line or not all(one.said for one in row.adequate))
    }
    waiting = Card.objects.filter(
        user=session.user_id, promoted_at__isnull=False, suspended=False, flashcard__misconception__in=slugs
    )
    return Report(
        script=script,
        rows=tuple(rows),
        scores=scores,
        total=Score("all", sum(one.won for one in scores), sum(one.of for one in scores)),
        guides=tuple(Guide.objects.published().filter(topic__slug__in=weak).select_related("topic")),
        cards=waiting.count() if slugs else 0,
    )


def _row(
    number: int, stage: Stage, script: Script, item: SessionItem, asked: Asked, known: Mapping[str, Misconception]
) -> Row:
    ticks = None if item.ticks is None else tuple(item.ticks)
    sheet = Sheet(
        asked, item.seed, item.answer or item.draft, item.committed, item.late, item.score, ticks, item.marking
    )
    said = set(ticks or ())
    behind = {point.key: known.get(point.misconception) for point in unsaid_in(asked, item.answer or {}, ticks)}
    return Row(
        number,
        stage,
        item,
        asked,
        sheet,
        _verdict(item, asked),
        adequate=tuple(Told(point, point.key in said, behind.get(point.key)) for point in asked.adequate_points),
        outstanding=tuple(Told(point, point.key in said) for point in asked.outstanding_points),
        ways=_ways(item, asked),
        follow_ups=tuple(asked_next(item)),
        minutes=script.minutes_to_answer(stage),
        minutes_used=item.minutes_taken,
        late=item.late,
    )


def _brought_forward(item: SessionItem, asked: Asked) -> list[str]:
    """The misconceptions whose cards came to the front with this answer."""
    if item.committed and not item.answer:
        return beliefs_of(asked)
    return misconceptions_in(asked, item.answer or {}, item.ticks)


def _ways(item: SessionItem, asked: Asked) -> tuple[tuple[str, bool], ...]:
    if not item.answer or not asked.marked_by_rubric or item.awaits_ticks:
        return ()
    told = [(habit.text, habit.key in (item.habits or ())) for habit in habits.HABITS]
    return (*told, (habits.IN_TIME.text, not item.late))


def _verdict(item: SessionItem, asked: Asked) -> Verdict:
    if not item.committed:
        return NOT_ANSWERED
    if not item.answer:
        return NOT_KNOWN
    return NOT_SCORED if item.score is None else verdict_of(asked, item.score, gave_up=False)


def _lab_row(number: int, stage: Stage) -> Row:
    if stage.score is None:
        return Row(number, stage, verdict=WITHDRAWN if stage.withdrawn else NOT_ANSWERED)
    tone = "good" if stage.score == 1 else "shaky" if stage.score >= ADEQUATE else "weak"
    words = "passed" if stage.score == 1 else f"{rounded_down(100 * stage.score)} % of the cases"
    if stage.shown:
        words += ", before the solution was shown"
    return Row(
        number,
        stage,
        verdict=Verdict(tone, words),
        minutes=stage.minutes,
        minutes_used=stage.minutes_taken,
        late=(stage.minutes_taken or 0) > stage.minutes,
    )


def _scores(rows: Iterable[Row]) -> tuple[Score, ...]:
    """Points by dimension. A stage without an answer wins nothing: in an interview silence is an answer."""
    won = dict.fromkeys(Dimension.values, 0.0)
    of = dict.fromkeys(Dimension.values, 0.0)
    for row in rows:
        for dimension, points, most in _points(row):
            won[dimension] += points
            of[dimension] += most
    return tuple(Score(name, won[name], of[name]) for name in Dimension.values)


def _points(row: Row) -> Iterable[tuple[str, float, float]]:
    if row.stage.withdrawn:
        return
    if row.item is None or row.asked is None:
        yield Dimension.CODE, LAB_POINTS * (row.stage.score or 0.0), LAB_POINTS
        return
    if row.item.awaits_ticks:
        return  # said, and nobody told what it was worth
    said = set(row.item.ticks or ())
    if not row.asked.marked_by_rubric:
        yield Dimension.CODE, BUG_POINTS * (row.item.score or 0.0), BUG_POINTS
        return
    for point in row.asked.rubric:
        yield point.dimension, point.weight * (point.key in said), point.weight
    probed = {point.key: point.dimension for point in row.asked.rubric}
    for one in row.follow_ups:
        if one.answered and one.score is None:
            continue  # said, and nobody told what it was worth
        yield probed.get(one.point, Dimension.CONCEPT), FOLLOW_UP_POINTS * (one.score or 0.0), FOLLOW_UP_POINTS
    spoken_well, most = habits.points(row.item.habits or (), in_time=not row.item.late)
    yield Dimension.COMMUNICATION, spoken_well if row.item.committed and row.item.answer else 0.0, most
