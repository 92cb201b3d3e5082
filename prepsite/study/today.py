"""Today: what a learner should do on this study day, most useful first, and what is already done."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from codelabs.models import Submission
from prepsite.accounts.models import User
from prepsite.study.shelf import LabShelf
from quizzes.models import Card, Question, QuizSession, Review
from quizzes.review_queue import queue
from quizzes.scheduling import StudyClock

MINUTES_PER_QUESTION = 2  # an estimate for plans; a question's own `minutes` is for answering it in full


def clock_of(user: User) -> StudyClock:
    """The learner's study days: their zone and the hour at which their day begins."""
    return StudyClock(user.zone, user.day_start_hour)


class StepState(StrEnum):
    NEXT = "next"
    LATER = "later"


@dataclass
class Step:
    """One line of today's plan. `minutes` is an estimate; `note` says what is special, such as a lab mistake."""

    kind: str
    label: str
    url: str
    action: str
    minutes: int
    note: str = ""
    tone: str = "new"  # of the note: one of the design's words
    state: StepState = StepState.LATER


@dataclass(frozen=True)
class Today:
    greeting: str
    steps: list[Step]
    done: list[str]
    minutes: int

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.state is StepState.NEXT), None)


def today(user: User, at: dt.datetime, shelf: LabShelf) -> Today:
    """What `user` should do on the study day that holds `at`, most useful first, and what is already done."""
    clock = clock_of(user)
    day_start = clock.start_of(clock.day(at))
    steps = [*_review_step(user, at, clock), *_quiz_step(user), *_lab_step(user, shelf)]
    if steps:
        steps[0].state = StepState.NEXT
    return Today(
        greeting=_greeting(at.astimezone(zoneinfo.ZoneInfo(user.zone)).hour),
        steps=steps,
        done=_done_since(user, day_start),
        minutes=sum(step.minutes for step in steps),
    )


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _review_step(user: User, at: dt.datetime, clock: StudyClock) -> list[Step]:
    waiting = queue(user, at, clock)
    counts = waiting.counts
    if not waiting.next:
        return []
    mistakes = Card.objects.for_user(user).brought_forward().count()
    parts = [_count(counts.due, "card due", "cards due")] * bool(counts.due)
    parts += [_count(counts.new, "new card", "new cards")] * bool(counts.new)
    parts += [f"{counts.again} to repeat"] * bool(counts.again)
    return [
        Step(
            kind="review",
            label=", ".join(parts),
            url=reverse("quizzes:review"),
            action=f"{'Go on' if counts.done else 'Start'} with {_count(counts.left, 'card', 'cards')}",
            minutes=waiting.minutes,
            note=f"{mistakes} from a mistake" if mistakes else "",
            tone="shaky",
        )
    ]


def _quiz_step(user: User) -> list[Step]:
    session = QuizSession.objects.for_user(user).quizzes().unfinished().first()
    if session is None:
        if not Question.objects.published().exists():
            return []
        return [Step("quiz", "A quiz of five", reverse("quizzes:new"), "Start a quiz", 5 * MINUTES_PER_QUESTION)]
    size, answered = session.items.count(), session.items.filter(committed_at__isnull=False).count()
    return [
        Step(
            kind="quiz",
            label=f"Quiz to continue: {answered} of {size} answered",
            url=session.get_absolute_url(),
            action="Continue the quiz",
            minutes=MINUTES_PER_QUESTION * (size - answered),
        )
    ]


def _lab_step(user: User, shelf: LabShelf) -> list[Step]:
    """The lab last tried and not passed, else the first in the curriculum's order whose prerequisites are passed."""
    passed = shelf.passed
    waiting = [lab for lab in shelf.labs if lab.slug not in passed]
    if not waiting:
        return []
    last = Submission.objects.for_user(user).exclude(lab__slug__in=passed).values_list("lab__slug", flat=True).first()
    lab = next(
        (lab for lab in waiting if lab.slug == last),
        next((lab for lab in waiting if passed.issuperset(lab.prerequisites)), waiting[0]),
    )
    tried = lab.slug == last
    return [
        Step(
            kind="lab",
            label=lab.title,
            url=lab.get_absolute_url(),
            action="Go on with the lab" if tried else "Open the lab",
            minutes=lab.minutes,
            note="not passed yet" if tried else lab.get_level_display(),
            tone="shaky" if tried else "new",
        )
    ]


def _done_since(user: User, start: dt.datetime) -> list[str]:
    done = []
    if reviewed := Review.objects.for_user(user).standing().since(start).cards:
        done.append(f"Reviewed {_count(reviewed, 'card', 'cards')}")
    if quizzes := QuizSession.objects.for_user(user).quizzes().filter(finished_at__gte=start).count():
        done.append(f"Finished {_count(quizzes, 'quiz', 'quizzes')}")
    passed = (
        Submission.objects.for_user(user)
        .passes()
        .filter(finished_at__gte=start)
        .order_by("lab__number")
        .values_list("lab__title", flat=True)
        .distinct()
    )
    return done + [f"Passed the lab “{title}”" for title in passed]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
