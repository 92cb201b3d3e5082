"""Today by the plan: the parts of today's plan as steps, each with where it is done and whether it is done already."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse

from codelabs.models import Submission
from prepsite.accounts.models import User
from prepsite.study.agenda import ROUND, address_of
from prepsite.study.preparation import Preparation
from prepsite.study.today import TO_WRITE_AGAIN, Step, StepState, Today, clock_of, review_step
from quizzes.models import QuizSession
from quizzes.planning import terms_of
from quizzes.readiness.plan import Part, Work


def planned_today(user: User, at: dt.datetime, prepared: Preparation, base: Today) -> Today:
    """`base`, the ordinary steps of today, in the order and with the parts of the plan.

    What the plan does not ask for today is offered afterwards, as something extra.
    """
    steps = list(_steps(user, at, prepared, base))
    extras = [step for step in base.steps if step.state is StepState.EXTRA and step.kind not in {s.kind for s in steps}]
    for step in steps:
        step.state = StepState.LATER
    if steps:
        steps[0].state = StepState.NEXT
    minutes = sum(step.minutes for step in steps)
    return Today(base.greeting, [*steps, *extras], base.done, minutes)


def _steps(user: User, at: dt.datetime, prepared: Preparation, base: Today) -> Iterator[Step]:
    day = prepared.plan.today
    ordinary = {step.kind: step for step in base.steps}
    quiz = ordinary.get("quiz")
    if quiz is not None and quiz.begun:
        yield quiz
    again = next(
        (step for step in base.steps if step.note == TO_WRITE_AGAIN and step.state is not StepState.EXTRA), None
    )
    for part in day.parts if day else ():
        if (step := _step(user, at, part, prepared, ordinary)) is not None:
            yield step
        if part.work is Work.CARDS and again is not None:
            yield again


def _step(user: User, at: dt.datetime, part: Part, prepared: Preparation, ordinary: dict[str, Step]) -> Step | None:
    begun = clock_of(user).start_of(clock_of(user).day(at))
    sessions = QuizSession.objects.for_user(user).filter(finished_at__gte=begun)
    match part.work:
        case Work.CARDS:
            return _cards(user, at, prepared, ordinary.get("review"))
        case Work.CONCEPT:
            return None if part.what in prepared.met_today else _concept(part, prepared)
        case Work.LAB:
            passed = Submission.objects.for_user(user).passes().filter(lab__slug=part.what, finished_at__gte=begun)
            return None if passed.exists() else _lab(part, prepared)
        case Work.ROUND:
            where, done = address_of(prepared, part), sessions.quizzes().against_the_clock().taken().exists()
            return None if done else Step("quiz", ROUND, where, "Start the timed round", part.minutes)
        case Work.MOCK:
            return None if sessions.mocks().taken().exists() else _mock(user, part, prepared, begun)


def _cards(user: User, at: dt.datetime, prepared: Preparation, waiting: Step | None) -> Step | None:
    """The queue as it stands; before the first card of the day, as it will be once the plan's choice is in it. What a
    mistake put in front and steps left from earlier days stand in it whatever the plan chooses."""
    if prepared.begun or not len(prepared.cards):
        return waiting
    clock = clock_of(user)
    terms = replace(terms_of(user, clock.day(at)), chosen=prepared.cards)
    found = review_step(user, at, clock, terms)
    return replace(found[0], url=reverse("plan-start"), posts=True) if found else waiting


def _concept(part: Part, prepared: Preparation) -> Step:
    title = prepared.concepts[part.what].title
    label, action = f"New concept: {title}", f"Read about {title}"
    return Step("concept", label, address_of(prepared, part), action, part.minutes, what=part.what)


def _mock(user: User, part: Part, prepared: Preparation, begun: dt.datetime) -> Step:
    """An interview to begin; or the one that was begun today, since its clock may be running."""
    label = f"A full mock interview of {part.minutes} minutes"
    running = QuizSession.objects.for_user(user).mocks().unfinished().filter(started_at__gte=begun).first()
    if running is not None:
        where = running.get_absolute_url()
        return Step("mock", label, where, "Go on with the mock interview", part.minutes, begun=True)
    return Step("mock", label, address_of(prepared, part), "Begin the mock interview", part.minutes)


def _lab(part: Part, prepared: Preparation) -> Step:
    lab = prepared.labs[part.what]
    note = "goes on tomorrow" if part.goes_on else lab.get_level_display()
    return Step("lab", lab.title, address_of(prepared, part), "Open the lab", part.minutes, note)
