"""What a finished quiz says: the score, where it came from, which mistakes showed, and what to study next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizzes import sessions
from quizzes.asked import Asked, LabLink, Point
from quizzes.drawn import all_as_drawn
from quizzes.models import Flashcard, Guide, Misconception, QuizSession, SessionItem
from quizzes.models.question import Level
from quizzes.sheet import Verdict, verdict_of


@dataclass(frozen=True)
class Row:
    """One question of the quiz."""

    item: SessionItem
    asked: Asked
    verdict: Verdict
    slugs: tuple[str, ...]  # of the misconceptions that its answer shows

    @property
    def missed(self) -> bool:
        """Not wholly right, or below the line of an adequate answer where a rubric decides."""
        if self.item.awaits_ticks:
            return False
        enough = sessions.ADEQUATE_SCORE if self.asked.marked_by_rubric else 1
        return (self.item.score or 0) < enough

    @property
    def unsaid(self) -> list[Point]:
        """Must-have points that the learner did not find in their answer."""
        if not self.asked.marked_by_rubric or self.item.ticks is None:
            return []
        return [point for point in self.asked.adequate_points if point.key not in self.item.ticks]


@dataclass(frozen=True)
class Share:
    """Points out of questions, for one topic or level. Unanswered questions count zero, unmarked ones not at all."""

    label: str
    points: float
    questions: int

    @property
    def score(self) -> float | None:
        return self.points / self.questions if self.questions else None

    @property
    def percent(self) -> int:
        return round(100 * (self.score or 0))


@dataclass(frozen=True)
class Mistake:
    """A misconception, and the places in the quiz where it showed."""

    misconception: Misconception
    rows: tuple[Row, ...]
    has_card: bool  # then the card waits at the front of the review queue


@dataclass(frozen=True)
class Result:
    rows: tuple[Row, ...]
    total: Share
    by_topic: tuple[Share, ...]
    by_level: tuple[Share, ...]
    mistakes: tuple[Mistake, ...]
    guides: tuple[Guide, ...]
    labs: tuple[LabLink, ...]

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.missed]

    @property
    def unmarked(self) -> list[Row]:
        return [row for row in self.rows if row.item.awaits_ticks]

    @property
    def unanswered(self) -> list[Row]:
        return [row for row in self.rows if not row.item.committed]

    @property
    def late(self) -> list[Row]:
        return [row for row in self.rows if row.item.late]

    @property
    def unsaid(self) -> list[Row]:
        """The rows with must-have points that were not said."""
        return [row for row in self.rows if row.unsaid]


def result_of(session: QuizSession) -> Result:
    """Read a session's result, in a number of queries that does not depend on the number of questions."""
    items = list(
        session.items.select_related("session", "question__topic").prefetch_related(
            "question__choices", "question__rubric"
        )
    )
    drawn = all_as_drawn(items)
    rows = tuple(_row(item, drawn[item.pk]) for item in items)
    missed = [row for row in rows if row.missed]
    return Result(
        rows=rows,
        total=_share("", rows),
        by_topic=_shares(sorted(rows, key=_place_of_topic), lambda row: row.asked.topic_title),
        by_level=_shares(sorted(rows, key=_place_of_level), lambda row: row.asked.level),
        mistakes=_mistakes(rows),
        guides=tuple(
            Guide.objects.published()
            .filter(topic__slug__in={row.asked.topic_slug for row in missed})
            .select_related("topic")
        ),
        labs=tuple(dict.fromkeys(lab for row in missed for lab in row.asked.labs)),
    )


def _row(item: SessionItem, asked: Asked) -> Row:
    slugs = sessions.misconceptions_in(asked, item.answer, item.ticks) if item.answer else []
    verdict = Verdict("new", "Not answered")
    if item.committed:
        verdict = verdict_of(asked, item.score, gave_up=not item.answer)
    return Row(item, asked, verdict, tuple(slugs))


def _share(label: str, rows: Sequence[Row]) -> Share:
    counted = [row for row in rows if not row.item.awaits_ticks]
    return Share(label, sum(row.item.score or 0.0 for row in counted), len(counted))


def _shares(rows: Iterable[Row], label_of: Callable[[Row], str]) -> tuple[Share, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(label_of(row), []).append(row)
    return tuple(_share(label, group) for label, group in groups.items())


def _place_of_topic(row: Row) -> tuple[int, str]:
    return row.item.question.topic.order, row.asked.topic_slug


def _place_of_level(row: Row) -> int:
    return Level.values.index(row.asked.level)


def _mistakes(rows: Sequence[Row]) -> tuple[Mistake, ...]:
    """The misconceptions that showed, the most frequent first."""
    found = sessions.corrections({slug for row in rows for slug in row.slugs})
    cards = set(Flashcard.objects.published().filter(misconception__in=found).values_list("misconception", flat=True))
    mistakes = [
        Mistake(misconception, tuple(row for row in rows if slug in row.slugs), slug in cards)
        for slug, misconception in found.items()
    ]
    return tuple(sorted(mistakes, key=lambda one: (-len(one.rows), one.rows[0].item.position)))
