"""Quiz sessions: drawing questions, keeping drafts, committing answers, ticking rubric points, finishing.

A committed answer never changes. Committing is one conditional update, so that a double click or a second tab finds the
answer already there instead of overwriting it.
"""

import datetime as dt
import random
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from prepsite.lib.versioned import Status
from quizzes import marking
from quizzes.ability import next_level
from quizzes.asked import Asked
from quizzes.lessons import misconceptions_in
from quizzes.models import Question, QuizSession, SessionItem
from quizzes.models.session import SessionItemQuerySet
from quizzes.reviewing import bring_forward

MOST_QUESTIONS = 50
MOST_MINUTES = 240
GAVE_UP: dict[str, Any] = {}  # the answer of someone who asked to see the model answer instead


class NothingFits(Exception):  # noqa: N818 - nothing is wrong, there is only nothing to ask
    """No published question fits the filters."""


class AlreadyCommitted(Exception):  # noqa: N818 - harmless: the first answer counts
    """The item had an answer before; that one stands."""


class IdentityTaken(Exception):  # noqa: N818 - said as the others
    """What is stored under this identity is not the learner's own, or not what was asked for."""


@dataclass(frozen=True)
class Filters:
    """What a quiz is drawn from. Empty `topics`, `levels` or `kinds` mean all of them.

    `minutes` limits the whole quiz and `seconds` each question; None means no limit. An `adaptive` quiz begins with one
    question, and quizzes.adaptive draws the others, up to `number`.
    """

    topics: Sequence[str] = ()
    levels: Sequence[str] = ()
    kinds: Sequence[str] = ()
    number: int = 10
    minutes: int | None = None
    seconds: int | None = None
    adaptive: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {name: list(getattr(self, name)) for name in ("topics", "levels", "kinds")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{field.name: data[field.name] for field in fields(cls) if field.name in data})

    def questions(self) -> QuerySet[Question]:
        """The published questions that fit, in no particular order."""
        fitting = Question.objects.published().on_topics(list(self.topics)).at_levels(list(self.levels))
        if self.kinds:
            fitting = fitting.filter(kind__in=list(self.kinds))
        return fitting.order_by()


def start(
    user: models.Model, filters: Filters, at: dt.datetime, rng: random.Random, *, session_id: uuid.UUID | None = None
) -> QuizSession:
    """Draw up to `filters.number` questions, those never answered first. Raises NothingFits, IdentityTaken.

    Sent twice with the same `session_id` (a double click), it is one session. That is the browser's word for it; the
    session is stored under an identity of the learner's own.
    """
    drawn = list(filters.questions().values_list("pk", "version"))
    rng.shuffle(drawn)
    answered = set(
        SessionItem.objects.for_user(user)
        .committed()
        .filter(question__in=filters.questions())
        .values_list("question_id", flat=True)
    )
    drawn.sort(key=lambda one: one[0] in answered)
    if filters.adaptive:
        return _begin(user, [_first_of(filters, drawn)], filters, at, session_id)
    chosen = drawn[: filters.number]
    rng.shuffle(chosen)
    return _begin(user, chosen, filters, at, session_id)


def _first_of(filters: Filters, drawn: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The question with which an adaptive quiz begins: of the middle level. Raises NothingFits."""
    levels = dict(filters.questions().values_list("pk", "level"))
    if not levels:
        raise NothingFits
    wanted = next_level([], sorted(set(levels.values())))
    return next(one for one in drawn if levels[one[0]] == wanted)


def ask_again(
    session: QuizSession,
    questions: Sequence[Question],
    at: dt.datetime,
    rng: random.Random,
    *,
    session_id: uuid.UUID | None = None,
) -> QuizSession:
    """A new quiz of these questions of `session`, as far as they are still asked. Raises NothingFits, IdentityTaken.

    Which questions were missed is for quizzes.results to say. Select them with `topic`.
    """
    asked = [question for question in questions if question.status == Status.PUBLISHED]
    chosen = [(question.pk, question.version) for question in asked]
    rng.shuffle(chosen)
    topics = sorted({question.topic.slug for question in asked})
    return _begin(session.user, chosen, Filters(topics=topics, number=len(chosen)), at, session_id)


def _begin(
    user: models.Model,
    chosen: Sequence[tuple[int, int]],
    filters: Filters,
    at: dt.datetime,
    session_id: uuid.UUID | None,
) -> QuizSession:
    if not chosen:
        raise NothingFits
    session = QuizSession(
        uuid=own_identity(user, QuizSession.Kind.QUIZ, session_id) if session_id else uuid.uuid4(),
        user_id=user.pk,
        filters=(filters if filters.adaptive else replace(filters, number=len(chosen))).as_json(),
        started_at=at,
        deadline=at + dt.timedelta(minutes=filters.minutes) if filters.minutes is not None else None,
    )
    try:
        with transaction.atomic():
            session.save(force_insert=True)
            SessionItem.objects.bulk_create(
                SessionItem(session=session, position=position, question_id=pk, question_version=version)
                for position, (pk, version) in enumerate(chosen, start=1)
            )
    except IntegrityError as error:
        # Sent twice: the quiz is there already. Anything else under this identity is not theirs to see.
        mine = QuizSession.objects.for_user(user).quizzes().filter(uuid=session.uuid).first()
        if mine is None:
            raise IdentityTaken from error
        return mine
    return session


def own_identity(user: models.Model, kind: str, name: object) -> uuid.UUID:
    """The stored identity of what a browser names: the same for the same learner, kind and name, and for nobody else.

    It is keyed with the site's secret, so that no one can work out another learner's, or choose one that meets it.
    """
    digest = salted_hmac("quizzes.sessions", f"{kind}/{user.pk}/{name}", algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def attempt_id(user: models.Model, question: Question, number: int) -> uuid.UUID:
    """The identity of a learner's answer number `number` (from 0) on a question's own page: the same in every tab."""
    return own_identity(user, QuizSession.Kind.QUESTION, f"{question.uuid}/{number}")


def open_attempt(user: models.Model, question: Question, number: int, at: dt.datetime) -> SessionItem:
    """The item that holds the learner's answer `number` to one question, made on first use.

    Raises IdentityTaken if its identity is taken by anything but this learner's answer to this question.
    """
    try:
        with transaction.atomic():
            session, _ = QuizSession.objects.get_or_create(
                uuid=attempt_id(user, question, number),
                user_id=user.pk,
                kind=QuizSession.Kind.QUESTION,
                defaults={
                    "started_at": at,
                    "filters": Filters(topics=[question.topic.slug], number=1).as_json(),
                },
            )
            item, _ = SessionItem.objects.get_or_create(
                session=session, position=1, question=question, defaults={"question_version": question.version}
            )
    except IntegrityError as error:
        raise IdentityTaken from error
    return item


def attempts(user: models.Model, question: Question) -> SessionItemQuerySet:
    """A learner's answers and drafts on the question's own page, the oldest first."""
    return (
        SessionItem.objects.for_user(user)
        .filter(question=question, session__kind=QuizSession.Kind.QUESTION)
        .select_related("session", "question__topic")
        .prefetch_related("question__choices", "question__rubric")
        .order_by("session__started_at", "pk")
    )


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

    The cards of missed must-have points come to the front; correcting the ticks brings no card forward a second time.
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
