"""The terms on which a learner reviews: the scheduler's settings, the limits of the day, and planned breaks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import models

from quizzes.models import Break, Card, Plan
from quizzes.models.plan import NEW_PER_DAY
from quizzes.readiness import RECALL_WHEN_DUE
from quizzes.scheduling import Settings

DEFAULTS = Settings()
NO_CARDS: tuple[int, ...] = ()
ONE_DAY = dt.timedelta(days=1)
_OF_ONE_DAY = ("new_today", "reviews_today", "minutes_today", "chosen")


@dataclass(frozen=True)
class DayCards:
    """The cards of one study day as the plan to an interview chose them, by primary keys of flashcards: those seen
    again, and those met for the first time in the order in which they are met."""

    again: tuple[int, ...] = NO_CARDS
    new: tuple[int, ...] = NO_CARDS

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(tuple(data.get("again", ())), tuple(data.get("new", ())))

    def __len__(self) -> int:
        return len(self.again) + len(self.new)


@dataclass(frozen=True)
class Terms:
    """`reviews_per_day` None means no limit. `breaks` are those not over yet, the first one first. `chosen` are the
    cards of the day where a plan to an interview chose them: then the limits do not matter."""

    settings: Settings = DEFAULTS
    new_per_day: int = NEW_PER_DAY
    reviews_per_day: int | None = None
    breaks: tuple[Break, ...] = ()
    interview_on: dt.date | None = None
    chosen: DayCards | None = None

    def break_on(self, day: dt.date) -> Break | None:
        return next((one for one in self.breaks if one.holds(day)), None)

    def first_day_back(self, day: dt.date) -> dt.date:
        """The day itself, or the first after it that no break holds: breaks may touch or overlap."""
        while held := self.break_on(day):
            day = held.last_day + ONE_DAY
        return day

    def hold_over_breaks(self, due_day: dt.date | None) -> dict[str, Any]:
        """The marks with which a rated card waits: none, unless it falls due within a break."""
        back = self.first_day_back(due_day) if due_day else None
        if back == due_day or back is None:
            return {"held_until": None, "held_for": ""}
        return {"held_until": back.isoformat(), "held_for": Card.Held.BREAK}


def terms_of(user: models.Model, today: dt.date) -> Terms:
    """The learner's terms on the study day `today`, in two queries.

    Until an interview a card comes back when its recall falls to what the plan aims at, if that is less than what the
    learner wants of an endless schedule: so the interval on the button is the one that the plan gives."""
    plan = plan_of(user)
    latest = plan.interview_on - ONE_DAY if plan.interview_on else None
    ahead = plan.interview_on is not None and plan.interview_on > today
    retention = min(plan.desired_retention, RECALL_WHEN_DUE) if ahead else plan.desired_retention
    holds_today = plan.today == today
    new_today = plan.new_today if holds_today else None
    if new_today is None and plan.interview_on == today:
        new_today = 0  # on the day itself nothing is met for the first time, unless the learner says so
    reviews_today = plan.reviews_today if holds_today else None
    return Terms(
        settings=Settings(desired_retention=retention, parameters=plan.weights, latest=latest),
        new_per_day=plan.new_per_day if new_today is None else new_today,
        reviews_per_day=plan.reviews_per_day if reviews_today is None else reviews_today,
        breaks=tuple(Break.objects.for_user(user).not_over(today)),
        interview_on=plan.interview_on,
        chosen=DayCards.from_json(plan.chosen) if ahead and holds_today and plan.chosen is not None else None,
    )


def plan_of(user: models.Model) -> Plan:
    """The learner's plan; the defaults, not saved, if they never changed one."""
    return Plan.objects.filter(user=user.pk).first() or Plan(user_id=user.pk)


def change_plan(plan: Plan, **values: Any) -> None:
    """Save these values of a plan, made if there is none yet, and no others: another tab, or a fit that came to its
    end, may have changed those since `plan` was read."""
    Plan.objects.update_or_create(user_id=plan.user_id, defaults=values)
    for name, value in values.items():
        setattr(plan, name, value)


def on_day(plan: Plan, today: dt.date, **values: Any) -> dict[str, Any]:
    """`values` that hold on the study day `today` alone. What the plan holds for the same day stays beside them; what
    it held for an earlier day is over."""
    over = {} if plan.today == today else dict.fromkeys(_OF_ONE_DAY)
    return {"today": today} | over | values


def limit_day(plan: Plan, today: dt.date, *, new: int | None, reviews: int | None) -> None:
    """Other limits for this study day alone, None being the usual one; they replace the cards that a plan chose."""
    change_plan(plan, **on_day(plan, today, new_today=new, reviews_today=reviews, chosen=None))
