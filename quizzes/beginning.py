"""Beginning to answer: a quiz drawn from what fits, what was missed asked again, one question on its own page.

Whatever a browser sends twice is begun once, under an identity that is the learner's own.
"""

import datetime as dt
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from prepsite.lib.versioned import Status
from quizzes.ability import next_level
from quizzes.models import Question, QuizSession, SessionItem
from quizzes.models.session import SessionItemQuerySet

MOST_QUESTIONS = 50
MOST_MINUTES = 240


class NothingFits(Exception):  # noqa: N818 - nothing is wrong, there is only nothing to ask
    """No published question fits the filters."""


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
    # The name in it is of no module: it was given to identities that are stored, and stays.
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
