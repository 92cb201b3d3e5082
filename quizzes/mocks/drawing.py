"""Drawing a mock interview: for every stage of the script a question or a lab that fits role and level."""

import datetime as dt
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
    concepts: tuple[str, ...] = ()
    known: bool = False  # passed by this learner, whose editor opens with that code, or its solution was shown


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


ROOM: Mapping[StageKind, float] = {
    StageKind.WARM_UP: 3,
    StageKind.DEPTH: 2,
    StageKind.DERIVE: 2,
    StageKind.CODE: 1.5,
    StageKind.DESIGN: 4,
}
"""How many times the minutes of a stage an author may give its question. An author's minutes are those of the whole
answer, written down: an interviewer hears less of a warm-up and of a design, and a bug has to be found."""
SPARE_MINUTES = 2  # beyond those that an author gives a question of code: here it is read for the first time
LABS_LEFT_OUT = 0.4  # of the code stages that could be a lab
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


_Drawn = TypeVar("_Drawn", Question, LabOffer)


@dataclass(frozen=True)
class _Gap:
    """A stage that is to be filled: what it asks for, and what was drawn for the others `before` it."""

    user: models.Model
    kind: StageKind
    minutes: int
    role: Role
    level: Level
    before: tuple[Question | LabOffer, ...]

    @property
    def concepts(self) -> set[str]:
        """The slugs of those that the interview touches already."""
        return set().union(*map(_concepts_of, self.before))

    def elsewhere(self, offered: list[_Drawn]) -> list[_Drawn]:
        """An interview goes from one concept to another, as far as there is something for it."""
        return [one for one in offered if self.concepts.isdisjoint(_concepts_of(one))] or offered

    def one_of(self, offered: Sequence[_Drawn], rng: random.Random) -> _Drawn:
        return rng.choices(offered, [self.role.weight(_topic_of(one)) for one in offered])[0]


def _draw(
    user: models.Model, wish: Wish, rng: random.Random, labs: Callable[[], Sequence[LabOffer]]
) -> tuple[list[Stage], list[Question]]:
    """The stages, and their questions in the same order. Where there are few questions the heart of an interview is
    drawn first and the warm-up last."""
    lengths = LENGTHS[wish.minutes]
    found: dict[StageKind, Question | LabOffer] = {}
    for kind in sorted(lengths, key=_DRAWN_IN.index):
        gap = _Gap(user, kind, lengths[kind], role_of(wish.role), Level(wish.level), tuple(found.values()))
        lab = _lab(gap, labs(), rng) if kind is StageKind.CODE else None
        # A kind of which nothing has been published is left out; the interview goes on without it.
        if (drawn := lab or _question(gap, rng)) is not None:
            found[kind] = drawn
    stages: list[Stage] = []
    questions: list[Question] = []
    for kind, minutes in _shared_out(lengths, found).items():
        one = found.get(kind)
        if isinstance(one, LabOffer):
            stages.append(Stage(kind, minutes, lab=one.slug, lab_title=one.title))
        elif one is not None:
            questions.append(one)
            stages.append(Stage(kind, minutes, position=len(questions)))
    if not questions:
        raise NothingFits
    return stages, questions


def _shared_out(
    lengths: Mapping[StageKind, int], found: Mapping[StageKind, Question | LabOffer]
) -> Mapping[StageKind, int]:
    """The minutes of the stages. A bug is found sooner than a lab is written: what is left then goes to the design, up
    to what its author gives it, and beyond that to depth and design, so that nobody sits before six lines of code for a
    quarter of an hour."""
    code, design = found.get(StageKind.CODE), found.get(StageKind.DESIGN)
    needed = code.minutes + SPARE_MINUTES if isinstance(code, Question) else lengths[StageKind.CODE]
    left = max(0, lengths[StageKind.CODE] - needed)
    first = min(left, max(0, design.minutes - lengths[StageKind.DESIGN])) if design else 0
    deeper = (left - first) // 2
    more = {StageKind.CODE: -left, StageKind.DEPTH: deeper, StageKind.DESIGN: left - deeper}
    return {kind: minutes + more.get(kind, 0) for kind, minutes in lengths.items()}


def _lab(gap: _Gap, offers: Sequence[LabOffer], rng: random.Random) -> LabOffer | None:
    """A lab that can be written in the time of its stage; None if there is none, and now and then on purpose: finding
    a bug is asked as often as writing from scratch.

    Never one that is known or was a stage before, of which the editor still holds the code, and none that is two
    levels away: a bug of the wished level says more than that."""
    fitting = [one for one in offers if one.minutes <= gap.minutes and gap.role.weight(one.topic) and not one.known]
    near = [one for one in fitting if _distance(one, gap.level) <= 1]
    if not near or rng.random() < LABS_LEFT_OUT:
        return None
    asked = _labs_of_mocks(gap.user)
    new = [one for one in near if one.slug not in asked]
    return gap.one_of(gap.elsewhere(_nearest(new, gap.level)), rng) if new else None


def _labs_of_mocks(user: models.Model) -> set[str]:
    scripts = QuizSession.objects.for_user(user).mocks().values_list("script", flat=True)
    return {stage.lab for script in scripts for stage in Script.from_json(script).stages if stage.is_lab}


def _question(gap: _Gap, rng: random.Random) -> Question | None:
    """One that was asked least often in the learner's mocks, at the wished level as far as there is one; the warm-up is
    always basic where it can be."""
    mine = Q(session_items__session__user=gap.user.pk, session_items__session__kind=QuizSession.Kind.MOCK)
    fitting = (
        Question.objects.published()
        .filter(_FITS[gap.kind])
        .exclude(pk__in=[one.pk for one in gap.before if isinstance(one, Question)])
        .annotate(asked=Count("session_items", filter=mine))
        .select_related("topic")
        .prefetch_related("concepts")
        .order_by("pk")
    )
    offered = [question for question in fitting if gap.role.weight(question.topic.slug)]
    if not offered:
        return None
    offered = [one for one in offered if one.minutes <= ROOM[gap.kind] * gap.minutes] or offered
    if gap.kind is StageKind.DESIGN:  # of the system where there is any
        offered = [one for one in offered if one.facet == Facet.SYSTEM] or offered
    offered = gap.elsewhere(_nearest(offered, Level.BASIC if gap.kind is StageKind.WARM_UP else gap.level))
    fewest = min(one.asked for one in offered)  # type: ignore[attr-defined]
    offered = [one for one in offered if one.asked == fewest]  # type: ignore[attr-defined]
    return gap.one_of([one for one in offered if _is_meant(one, gap)] or offered, rng)


def _is_meant(one: Question, gap: _Gap) -> bool:
    """Whether it is just what its stage is for, and not only near to it: a bug to find before a program to read, a
    design with enough to say for its time before one that is told in less."""
    if gap.kind is StageKind.CODE:
        return one.performance == Performance.DEBUG
    return gap.kind is not StageKind.DESIGN or one.minutes >= gap.minutes


def _nearest(offered: Sequence[_Drawn], wanted: Level) -> list[_Drawn]:
    least = min(_distance(one, wanted) for one in offered)
    return [one for one in offered if _distance(one, wanted) == least]


def _distance(one: Question | LabOffer, wanted: Level) -> int:
    return abs(Level.values.index(one.level) - Level.values.index(wanted))


def _concepts_of(one: Question | LabOffer) -> set[str]:
    return set(one.concepts) if isinstance(one, LabOffer) else {concept.slug for concept in one.concepts.all()}


def _topic_of(one: Question | LabOffer) -> str:
    return one.topic if isinstance(one, LabOffer) else one.topic.slug
