"""Preparing for a date: the interview that is ahead, the cards of its days, and the readings kept of the forecasts."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from django.db import models, transaction

from quizzes.models import Flashcard, Plan, Reading, Review
from quizzes.models.question import Level
from quizzes.planning import DayCards, change_plan, on_day
from quizzes.readiness import Effort, Forecast, TopicForecast, curve
from quizzes.scheduling import Settings, State

_TERMS = ("interview_on", "minutes_per_day", "role", "level")
_DAY_TERMS = ("today", "minutes_today", "new_today", "reviews_today")
FARTHEST = dt.timedelta(days=731)
FIRST_RECALL = {Level.BASIC: 0.5, Level.INTERMEDIATE: 0.65, Level.ADVANCED: 0.8}
"""The probability that a card never seen is known already, by where the learner starts: a guess that only weighs until
the card is met."""


class BadDate(ValueError):  # noqa: N818 - it is the date that is bad
    """The message is a sentence for the learner."""


def check_date(day: dt.date, today: dt.date) -> None:
    """Whether an interview on that day can be prepared for. Raises BadDate. A year beyond the next is a slip of the
    finger."""
    if day <= today:
        raise BadDate("The interview has to lie ahead: choose tomorrow or a later day.")
    if day > today + FARTHEST:
        raise BadDate("That is more than two years away. Choose a nearer day; it can be moved later.")


def days_left(plan: Plan, today: dt.date) -> int | None:
    """Study days from today to the eve of the interview, both included: 0 on its day. None without one ahead."""
    if plan.interview_on is None or plan.interview_on < today:
        return None
    return (plan.interview_on - today).days


def aim_at(plan: Plan, today: dt.date) -> None:
    """Prepare for `plan.interview_on` on the terms that `plan` holds. It begins anew when that date changes."""
    terms = {name: getattr(plan, name) for name in _TERMS}
    before = Plan.objects.filter(pk=plan.pk).values_list("interview_on", "made_on").first()
    if before is None or before[0] != plan.interview_on or before[1] is None:
        terms["made_on"] = today
    change_plan(plan, **terms, chosen=None)


def without_date(user: models.Model) -> None:
    """An ordinary, endless schedule. The readings stay: they are history."""
    Plan.objects.filter(user=user.pk).update(interview_on=None, made_on=None, chosen=None)


def shorten(plan: Plan, today: dt.date, minutes: int) -> None:
    """Another length for this study day alone; its cards are chosen again."""
    change_plan(plan, **on_day(plan, today, minutes_today=minutes, chosen=None))


def begin_day(plan: Plan, today: dt.date, cards: DayCards) -> None:
    """Let the review queue of this study day hold the cards that the plan chose, and no others of the site's.

    Choosing them takes a while. If the terms changed meanwhile, or the day was begun in another tab, nothing changes.
    """
    as_read = {name: getattr(plan, name) for name in (*_TERMS, *_DAY_TERMS)}
    unchanged = Plan.objects.filter(pk=plan.pk, chosen__isnull=plan.chosen is None, **as_read)
    chosen = {"again": cards.again, "new": cards.new}
    values = on_day(plan, today, new_today=None, reviews_today=None, chosen=chosen)
    # A date that was once set beside the limits left this out: from now on the days of the mocks stay where they are.
    unchanged.update(**values, made_on=plan.made_on or today)


def has_begun(plan: Plan, today: dt.date) -> bool:
    """Whether it is settled which cards this study day holds: by the plan, or by limits that the learner set for it."""
    return plan.today == today and not plan.chosen is plan.new_today is plan.reviews_today is None


def effort_of(plan: Plan, seconds_per_card: float) -> Effort:
    """What looking at cards costs this learner, and what they know before they start."""
    pace = Effort().at_pace(seconds_per_card)
    return Effort(pace.new, pace.recalled, pace.forgotten, FIRST_RECALL[Level(plan.level)])


def dice(user: models.Model, today: dt.date) -> np.random.Generator:
    """The same forecast for the same learner all day long: it changes with what they do, not with a reload."""
    return np.random.default_rng([user.pk, today.toordinal()])


def keep_reading(plan: Plan, today: dt.date, forecast: Forecast, slugs: Mapping[int, str]) -> None:
    """Keep what is predicted today, once a study day: the first reading stands."""
    if plan.interview_on is None:
        return
    rows = [_reading(plan, today, "", forecast.all)]
    rows += [_reading(plan, today, slugs[one.topic], one) for one in forecast.topics]
    Reading.objects.bulk_create(rows, ignore_conflicts=True)


def _reading(plan: Plan, today: dt.date, topic: str, found: TopicForecast) -> Reading:
    return Reading(
        user_id=plan.user_id,
        study_day=today,
        interview_date=plan.interview_on or today,
        topic=topic,
        cards=found.cards,
        now=found.now,
        mean=found.followed.mean,
        low=found.followed.low,
        high=found.followed.high,
    )


@transaction.atomic
def read_about(user: models.Model, concept: str, today: dt.date) -> None:
    """The learner has read about a concept; said again, the first day stands."""
    plan, _ = Plan.objects.select_for_update().get_or_create(user_id=user.pk)
    plan.read = {concept: today.isoformat()} | plan.read
    plan.save(update_fields=["read"])


ENOUGH_RECALLED = 0.5  # of a concept's cards, on a later day than the one on which they were met


def met_concepts(user: models.Model, plan: Plan, since: dt.datetime, today: dt.date) -> tuple[set[str], set[str]]:
    """Slugs of the concepts that were met before today, and of those met today: read about, or half of their cards
    recalled on a later day than the first. `since` is when the study day began. A card that was merely seen meets
    nothing."""
    recalled = Review.objects.for_user(user).standing().filter(before__state=State.REVIEW, at__lt=since).order_by()
    recalled = recalled.filter(rating__gt=Review.Rating.AGAIN)
    keys = list(recalled.values_list("card__flashcard_id", flat=True).distinct())
    # In two steps: as one, a database that has not counted its tables yet may take a minute over it.
    share = models.Count("pk", filter=models.Q(pk__in=keys))
    offered = Flashcard.objects.published().order_by().values_list("concepts__slug")
    counted = offered.annotate(all=models.Count("pk"), known=share)
    before = {slug for slug, cards, known in counted if slug and known >= ENOUGH_RECALLED * cards}
    before |= {slug for slug, day in plan.read.items() if day < today.isoformat()}
    return before, set(plan.read) - before


LATEST = 500  # reviews that the record is taken from


def predictions(user: models.Model) -> tuple[list[float], list[bool]]:
    """Of the latest standing reviews of learned cards: the recall that was predicted for that day, by the parameters in
    force at the time, and whether it came true."""
    learned = Review.objects.for_user(user).standing().filter(before__state=State.REVIEW).order_by("-pk")
    predicted, recalled = [], []
    columns = ("before", "study_day", "rating", "settings")
    for before, day, rating, settings in learned.values_list(*columns)[:LATEST]:
        elapsed = (day - dt.date.fromisoformat(before["last_day"])).days
        then = curve(Settings.from_json(settings).weights)
        predicted.append(float(then.recall(np.array(before["stability"]), float(elapsed))))
        recalled.append(rating != Review.Rating.AGAIN)
    return predicted, recalled
