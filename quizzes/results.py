"""What a finished quiz says: the score, where it came from, which mistakes showed, and what to study next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from prepsite.lib.versioned import Status
from quizzes import marking
from quizzes.asked import Asked, LabLink
from quizzes.drawn import all_as_drawn
from quizzes.lessons import Unsaid, beliefs_in, corrections, misconceptions_in, unsaid_in
from quizzes.models import Flashcard, Guide, Misconception, QuizSession, SessionItem
from quizzes.models.question import Level
from quizzes.sheet import Verdict, verdict_of


@dataclass(frozen=True)
class Row:
    """One question of the quiz."""

    item: SessionItem
    asked: Asked
    verdict: Verdict
    slugs: tuple[str, ...]  # of the misconceptions that its answer states
    unsaid: tuple[Unsaid, ...]

    @property
    def missed(self) -> bool:
        """Not wholly right, or below the line of an adequate answer where a rubric decides."""
        if self.item.awaits_ticks:
            return False
        enough = marking.ADEQUATE / 10 if self.asked.marked_by_rubric else 1
        return (self.item.score or 0) < enough


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
    def to_retry(self) -> list[Row]:
        """Those missed that are still asked: a question may have been retired meanwhile."""
        return [row for row in self.missed if row.item.question.status == Status.PUBLISHED]

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
    known = corrections(
        {slug for item in items for slug in misconceptions_in(drawn[item.pk], item.answer or {}, item.ticks)}
    )
    rows = tuple(_row(item, drawn[item.pk], known) for item in items)
    missed = [row for row in rows if row.missed]
    return Result(
        rows=rows,
        total=_share("", rows),
        by_topic=_shares(sorted(rows, key=_place_of_topic), lambda row: row.asked.topic_title),
        by_level=_shares(sorted(rows, key=_place_of_level), lambda row: row.asked.level),
        mistakes=_mistakes(rows, known),
        guides=tuple(
            Guide.objects.published()
            .filter(topic__slug__in={row.asked.topic_slug for row in missed})
            .select_related("topic")
        ),
        labs=tuple(dict.fromkeys(lab for row in missed for lab in row.asked.labs)),
    )


def _row(item: SessionItem, asked: Asked, known: Mapping[str, Misconception]) -> Row:
    answer = item.answer or {}
    verdict = Verdict("new", "Not answered")
    if item.committed:
        verdict = verdict_of(asked, item.score, gave_up=not item.answer)
    unsaid = tuple(Unsaid(point, known.get(point.misconception)) for point in unsaid_in(asked, answer, item.ticks))
    return Row(item, asked, verdict, tuple(beliefs_in(asked, answer)), unsaid)


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


def _mistakes(rows: Sequence[Row], known: Mapping[str, Misconception]) -> tuple[Mistake, ...]:
    """The misconceptions that were stated, the most frequent first."""
    stated = {slug for row in rows for slug in row.slugs}
    found = {slug: one for slug, one in known.items() if slug in stated}
    cards = set(Flashcard.objects.published().filter(misconception__in=found).values_list("misconception", flat=True))
    mistakes = [
        Mistake(misconception, tuple(row for row in rows if slug in row.slugs), slug in cards)
        for slug, misconception in found.items()
    ]
    return tuple(sorted(mistakes, key=lambda one: (-len(one.rows), one.rows[0].item.position)))
