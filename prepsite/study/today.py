"""Today: what a learner should do on this study day, most useful first, and what is already done."""

import datetime as dt
import math
import zoneinfo
from dataclasses import dataclass, replace
from enum import StrEnum

from django.urls import reverse

from codelabs.models import Lab, Submission
from codelabs.models.submission import Standing
from prepsite.accounts.models import User
from prepsite.study.shelf import LabShelf
from quizzes.lab_cards import due_labs
from quizzes.models import Card, Guide, Question, QuizSession, Review
from quizzes.models.session import QuizSessionQuerySet
from quizzes.planning import Terms, terms_of
from quizzes.review_queue import queue
from quizzes.scheduling import StudyClock

TO_WRITE_AGAIN = "to write again"
MINUTES_PER_QUESTION = 2  # an estimate for plans; a question's own `minutes` is for answering it in full


def clock_of(user: User) -> StudyClock:
    """The learner's study days: their zone and the hour at which their day begins."""
    return StudyClock(user.zone, user.day_start_hour)


class StepState(StrEnum):
    NEXT = "next"
    LATER = "later"
    EXTRA = "extra"  # offered once today's share of its kind is done; no part of today's minutes


@dataclass
class Step:
    """One line of today's plan. `minutes` is an estimate; `note` says what is special, such as a lab mistake. Where it
    `posts`, its address is that of a form: the day begins with it."""

    kind: str
    label: str
    url: str
    action: str
    minutes: int
    note: str = ""
    tone: str = "new"  # of the note: one of the design's words
    state: StepState = StepState.LATER
    posts: bool = False
    what: str = ""  # the slug of what it is about, where the learner says when it is done
    begun: bool = False  # and left: it goes on where it was


@dataclass(frozen=True)
class Today:
    greeting: str
    steps: list[Step]  # extras last
    done: list[str]
    minutes: int

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.state is StepState.NEXT), None)


def today(user: User, at: dt.datetime, shelf: LabShelf) -> Today:
    """What `user` should do on the study day that holds `at`, most useful first, and what is already done."""
    clock = clock_of(user)
    day_start = clock.start_of(clock.day(at))
    quizzes = QuizSession.objects.for_user(user).quizzes()
    on_the_clock = quizzes.unfinished().filter(deadline__gt=at).order_by("deadline").first()
    steps = [
        *_running_quiz(on_the_clock, at),
        *review_step(user, at, clock, terms_of(user, clock.day(at))),
        *([] if on_the_clock else _quiz_step(quizzes, day_start)),
        *_labs_to_write_again(user, shelf, clock.day(at)),
        *_lab_step(user, shelf, day_start),
        *_mock_to_continue(user, day_start - dt.timedelta(days=1)),
    ]
    steps.sort(key=lambda step: step.state is StepState.EXTRA)
    planned = [step for step in steps if step.state is not StepState.EXTRA]
    if planned:
        planned[0].state = StepState.NEXT
    return Today(
        greeting=_greeting(at.astimezone(zoneinfo.ZoneInfo(user.zone)).hour),
        steps=steps,
        done=_done_since(user, day_start),
        minutes=sum(step.minutes for step in planned),
    )


def next_lab(user: User, shelf: LabShelf) -> Lab | None:
    """The lab last tried and not passed, else the first whose prerequisites are passed: where a guide and questions
    teach its topic before where they do not yet, then in the curriculum's order."""
    passed = shelf.passed
    last = Submission.objects.for_user(user).exclude(lab__slug__in=passed).values_list("lab__slug", flat=True).first()
    guided = set(Guide.objects.published().values_list("topic__slug", flat=True))
    taught = guided.intersection(Question.objects.published().order_by().values_list("topic__slug", flat=True))
    waiting = sorted(
        (lab for lab in shelf.labs if lab.slug not in passed), key=lambda lab: (lab.topic not in taught, lab.number)
    )
    tried = (lab for lab in waiting if lab.slug == last)
    ready = (lab for lab in waiting if passed.issuperset(lab.prerequisites))
    return next(tried, None) or next(ready, None) or next(iter(waiting), None)


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def review_step(user: User, at: dt.datetime, clock: StudyClock, terms: Terms) -> list[Step]:
    """The queue as it is on these terms, or nothing where no card waits."""
    waiting = queue(user, at, clock, terms=terms)
    counts = waiting.counts
    if not waiting.next:
        return []
    mistakes = Card.objects.for_user(user).brought_forward(clock.day(at)).count()
    due = ("card due", "cards due") if terms.chosen is None else ("card to see again", "cards to see again")
    parts = [counted(counts.due, *due)] * bool(counts.due)
    parts += [counted(counts.new, "new card", "new cards")] * bool(counts.new)
    parts += [f"{counts.again} to repeat"] * bool(counts.again)
    return [
        Step(
            kind="review",
            label=", ".join(parts),
            url=reverse("quizzes:review"),
            action=f"{'Go on' if counts.done else 'Start'} with {counted(counts.left, 'card', 'cards')}",
            minutes=waiting.minutes,
            note=f"{mistakes} from a mistake" if mistakes else "",
            tone="shaky",
        )
    ]


def _running_quiz(session: QuizSession | None, at: dt.datetime) -> list[Step]:
    """A quiz whose clock runs: it cannot wait, so it comes before everything else."""
    if session is None or session.deadline is None:
        return []
    left = math.ceil((session.deadline - at).total_seconds() / 60)
    step = _quiz_to_continue(session)
    return [replace(step, label=f"{step.label}, {left} min left", minutes=min(step.minutes, left))]


def _quiz_step(quizzes: QuizSessionQuerySet, day_start: dt.datetime) -> list[Step]:
    if session := quizzes.unfinished().first():
        return [_quiz_to_continue(session)]
    if not Question.objects.published().exists():
        return []
    step = Step("quiz", "A quiz of five", reverse("quizzes:new"), "Start a quiz", 5 * MINUTES_PER_QUESTION)
    if quizzes.filter(finished_at__gte=day_start).exists():
        step = replace(step, label="Another quiz of five", state=StepState.EXTRA)
    return [step]


def _quiz_to_continue(session: QuizSession) -> Step:
    size, answered = session.items.count(), session.items.filter(committed_at__isnull=False).count()
    return Step(
        kind="quiz",
        label=f"Quiz to continue: {answered} of {size} answered",
        url=session.get_absolute_url(),
        action="Continue the quiz",
        minutes=MINUTES_PER_QUESTION * (size - answered),
        begun=True,
    )


def _lab_step(user: User, shelf: LabShelf, day_start: dt.datetime) -> list[Step]:
    lab = next_lab(user, shelf)
    if lab is None:
        return []
    tried = shelf.standing(lab) is not Standing.NEW
    passed_today = Submission.objects.for_user(user).passes().filter(finished_at__gte=day_start).exists()
    return [
        Step(
            kind="lab",
            label=lab.title,
            url=lab.get_absolute_url(),
            action="Go on with the lab" if tried else "Open the lab",
            minutes=lab.minutes,
            note="not passed yet" if tried else lab.get_level_display(),
            tone="shaky" if tried else "new",
            state=StepState.EXTRA if passed_today else StepState.LATER,
        )
    ]


def _labs_to_write_again(user: User, shelf: LabShelf, today: dt.date) -> list[Step]:
    """Labs that were passed and are due: one belongs to the day, the others are offered."""
    labs = {lab.slug: lab for lab in shelf.labs}
    steps: list[Step] = []
    for slug, _ in due_labs(user, today):
        if lab := labs.get(slug):
            state = StepState.EXTRA if steps else StepState.LATER
            action = "Write the lab again"
            step = Step("lab", lab.title, lab.get_absolute_url(), action, lab.minutes, TO_WRITE_AGAIN, "shaky", state)
            steps.append(step)
    return steps


def _mock_to_continue(user: User, since: dt.datetime) -> list[Step]:
    """An interview that was left lately; one that has waited for longer is found on its own page."""
    left = QuizSession.objects.for_user(user).mocks().unfinished().filter(started_at__gte=since).first()
    if left is None:
        return []
    label, action = "Mock interview to continue", "Go on with the mock interview"
    minutes = left.script.get("minutes", 0)
    return [Step("mock", label, left.get_absolute_url(), action, minutes, state=StepState.EXTRA, begun=True)]


def _done_since(user: User, start: dt.datetime) -> list[str]:
    done = []
    if reviewed := Review.objects.for_user(user).standing().since(start).cards:
        done.append(f"Reviewed {counted(reviewed, 'card', 'cards')}")
    if quizzes := QuizSession.objects.for_user(user).quizzes().filter(finished_at__gte=start).count():
        done.append(f"Finished {counted(quizzes, 'quiz', 'quizzes')}")
    if mocks := QuizSession.objects.for_user(user).mocks().taken().filter(finished_at__gte=start).count():
        done.append(f"Took {counted(mocks, 'mock interview', 'mock interviews')}")
    passed = (
        Submission.objects.for_user(user)
        .passes()
        .filter(finished_at__gte=start)
        .order_by("lab__number")
        .values_list("lab__title", flat=True)
        .distinct()
    )
    return done + [f"Passed the lab “{title}”" for title in passed]


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
