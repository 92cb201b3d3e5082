"""Drawing a mock interview: for every stage of the script a question or a lab that fits role and level."""

import datetime as dt
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q

from quizzes.beginning import IdentityTaken, NothingFits, own_identity
from quizzes.mocks.script import LENGTHS, Script, Stage, StageKind
from quizzes.models import Question, QuizSession, SessionItem
from quizzes.models.question import Facet, Kind, Level, Performance
from quizzes.roles import Role, role_of


@dataclass(frozen=True)
class LabOffer:
    """A lab that may be a stage: what this app knows of it, from the site's bridge."""

    slug: str
    title: str
    topic: str
    level: str
    minutes: int


@dataclass(frozen=True)
class Wish:
    """What kind of interview is wanted. `minutes` is one of LENGTHS; `spoken` whether answers are said aloud."""

    minutes: int
    role: str
    level: str
    spoken: bool = False


_FITS: dict[StageKind, Q] = {
    StageKind.WARM_UP: Q(kind=Kind.OPEN, level=Level.BASIC) | Q(kind=Kind.OPEN, facet=Facet.CONCEPT),
    StageKind.DEPTH: Q(kind=Kind.OPEN) & ~Q(facet=Facet.SYSTEM),
    StageKind.DERIVE: Q(kind=Kind.DERIVE),
    StageKind.CODE: Q(kind=Kind.BUG) | Q(kind=Kind.OUTPUT) | Q(kind=Kind.OPEN, performance=Performance.DEBUG),
    StageKind.DESIGN: Q(kind=Kind.OPEN, facet=Facet.SYSTEM) | Q(kind=Kind.OPEN, facet=Facet.APPLIED),
}


SPARE_MINUTES = 2  # beyond those that an author gives a question of code: here it is read for the first time
_DRAWN_IN = (StageKind.DEPTH, StageKind.DERIVE, StageKind.DESIGN, StageKind.CODE, StageKind.WARM_UP)


def start(
    user: models.Model,
    wish: Wish,
    at: dt.datetime,
    rng: random.Random,
    labs: Callable[[], Sequence[LabOffer]],
    *,
    session_id: uuid.UUID,
) -> QuizSession:
    """Draw an interview and begin it. Sent twice with one `session_id` it is one. Raises NothingFits, IdentityTaken."""
    name = own_identity(user, QuizSession.Kind.MOCK, session_id)
    if (mine := QuizSession.objects.for_user(user).mocks().filter(uuid=name).first()) is not None:
        return mine
    stages, questions = _draw(user, wish, rng, labs)
    script = Script(wish.minutes, wish.role, wish.level, wish.spoken, tuple(stages))
    session = QuizSession(
        uuid=name,
        user_id=user.pk,
        kind=QuizSession.Kind.MOCK,
        filters={"topics": sorted({question.topic.slug for question in questions}), "number": len(questions)},
        script=script.as_json(),
        started_at=at,
    )
    try:
        with transaction.atomic():
            session.save(force_insert=True)
            SessionItem.objects.bulk_create(
                SessionItem(session=session, position=place, question=one, question_version=one.version)
                for place, one in enumerate(questions, start=1)
            )
    except IntegrityError as error:
        mine = QuizSession.objects.for_user(user).mocks().filter(uuid=name).first()
        if mine is None:
            raise IdentityTaken from error
        return mine
    return session


def _draw(
    user: models.Model, wish: Wish, rng: random.Random, labs: Callable[[], Sequence[LabOffer]]
) -> tuple[list[Stage], list[Question]]:
    """The stages, and their questions in the same order. Where there are few questions the heart of an interview is
    drawn first and the warm-up last."""
    role = role_of(wish.role)
    lengths = LENGTHS[wish.minutes]
    found: dict[StageKind, Question | LabOffer] = {}
    for kind in sorted(lengths, key=_DRAWN_IN.index):
        lab = _lab(labs(), role, wish.level, lengths[kind], rng) if kind is StageKind.CODE else None
        taken = [one for one in found.values() if isinstance(one, Question)]
        # A kind of which nothing has been published is left out; the interview goes on without it.
        if (drawn := lab or _question(user, kind, role, wish.level, rng, without=taken)) is not None:
            found[kind] = drawn
    stages: list[Stage] = []
    questions: list[Question] = []
    for kind, minutes in _shared_out(lengths, found.get(StageKind.CODE)).items():
        one = found.get(kind)
        if isinstance(one, LabOffer):
            stages.append(Stage(kind, minutes, lab=one.slug, lab_title=one.title))
        elif one is not None:
            questions.append(one)
            stages.append(Stage(kind, minutes, position=len(questions)))
    if not questions:
        raise NothingFits
    return stages, questions


def _shared_out(lengths: Mapping[StageKind, int], code: Question | LabOffer | None) -> Mapping[StageKind, int]:
    """The minutes of the stages. A bug is found sooner than a lab is written: what is left then goes to depth and
    design, so that nobody sits before six lines of code for a quarter of an hour."""
    needed = code.minutes + SPARE_MINUTES if isinstance(code, Question) else lengths[StageKind.CODE]
    left = max(0, lengths[StageKind.CODE] - needed)
    more = {StageKind.CODE: -left, StageKind.DEPTH: left // 2, StageKind.DESIGN: left - left // 2}
    return {kind: minutes + more.get(kind, 0) for kind, minutes in lengths.items()}


def _lab(offers: Sequence[LabOffer], role: Role, level: str, minutes: int, rng: random.Random) -> LabOffer | None:
    """A lab that can be written in the time of its stage; None if there is none, and now and then on purpose: finding
    a bug is asked as often as writing from scratch."""
    fitting = [one for one in offers if one.minutes <= minutes and role.weight(one.topic)]
    at_level = [one for one in fitting if one.level == level] or fitting
    if not at_level or rng.random() < 0.4:
        return None
    return rng.choices(at_level, [role.weight(one.topic) for one in at_level])[0]


def _question(
    user: models.Model, kind: StageKind, role: Role, level: str, rng: random.Random, *, without: Sequence[Question]
) -> Question | None:
    """One that was asked least often in the learner's mocks, at the wished level as far as there is one; the warm-up is
    always basic where it can be."""
    mine = Q(session_items__session__user=user.pk, session_items__session__kind=QuizSession.Kind.MOCK)
    fitting = (
        Question.objects.published()
        .filter(_FITS[kind])
        .exclude(pk__in=[one.pk for one in without])
        .annotate(asked=Count("session_items", filter=mine))
        .select_related("topic")
        .prefetch_related("concepts")
        .order_by("pk")
    )
    touched = {concept.pk for one in without for concept in one.concepts.all()}
    offered = [question for question in fitting if role.weight(question.topic.slug)]
    if not offered:
        return None
    wanted = Level.BASIC if kind is StageKind.WARM_UP else Level(level)
    if kind is StageKind.DESIGN:  # of the system where there is any
        offered = [one for one in offered if one.facet == Facet.SYSTEM] or offered
    offered = [one for one in offered if one.level == wanted] or _nearest(offered, wanted)
    # An interview goes from one concept to another, as far as there are questions for it.
    offered = [one for one in offered if touched.isdisjoint(concept.pk for concept in one.concepts.all())] or offered
    fewest = min(one.asked for one in offered)  # type: ignore[attr-defined]
    offered = [one for one in offered if one.asked == fewest]  # type: ignore[attr-defined]
    return rng.choices(offered, [role.weight(one.topic.slug) for one in offered])[0]


def _nearest(offered: Sequence[Question], wanted: Level) -> list[Question]:
    order = Level.values
    distance = {one.pk: abs(order.index(one.level) - order.index(wanted)) for one in offered}
    least = min(distance.values())
    return [one for one in offered if distance[one.pk] == least]
