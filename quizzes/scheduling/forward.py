"""One rating forward: the next state of a card, by py-fsrs's mathematics, counted in study days.

py-fsrs counts elapsed time in whole periods of 24 hours: "Good" at 23:50 and again at 08:00 has no day behind it. It is
therefore never shown a real instant: it gets a card last seen at `EPOCH` and a review so many study days later.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import fsrs

from quizzes.scheduling import fuzz
from quizzes.scheduling.memory import Memory, Rating, Settings, State
from quizzes.scheduling.study_day import StudyClock

Load = Mapping[dt.date, int]
NO_LOAD: Load = {}
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

_TO_FSRS = {
    State.NEW: fsrs.State.Learning,  # py-fsrs's new card is a learning card without stability
    State.LEARNING: fsrs.State.Learning,
    State.REVIEW: fsrs.State.Review,
    State.RELEARNING: fsrs.State.Relearning,
}
_FROM_FSRS = {
    fsrs.State.Learning: State.LEARNING,
    fsrs.State.Review: State.REVIEW,
    fsrs.State.Relearning: State.RELEARNING,
}


def next_state(
    memory: Memory, rating: int, at: dt.datetime, clock: StudyClock, settings: Settings, seed: str, load: Load = NO_LOAD
) -> Memory:
    """What is remembered after a rating (1 to 4) at the instant `at`. `seed` names the card; fuzz adds the repetition.

    `load` says how many cards wait on which study day: fuzz prefers the emptier ones. A learned card falls due when its
    study day begins in the learner's zone, one in its steps after the step's minutes. A clock that went back counts as
    the time of the last review: neither that nor a due date moves back, and nothing is raised.

    Raises ValueError for a rating out of range or an `at` without a time zone.
    """
    rating = Rating(rating)
    at = clock.local(at).astimezone(dt.UTC)
    at = max(at, memory.last_review) if memory.last_review else at
    day = max(clock.day(at), memory.last_day) if memory.last_day else clock.day(at)
    elapsed = _elapsed_days(memory, day)
    reviewed_at = EPOCH + dt.timedelta(days=elapsed)
    card, _ = _scheduler(settings).review_card(_fsrs_card(memory), fsrs.Rating(rating), reviewed_at)
    state = _FROM_FSRS[card.state]
    interval = card.due - reviewed_at
    due_day = None
    if state is State.REVIEW:
        ahead = {(busy - day).days: waiting for busy, waiting in load.items()}
        days = _fuzzed(interval.days, elapsed, rating, day, settings, f"{seed}/{memory.reps}", ahead)
        due_day = day + dt.timedelta(days=days)
    return Memory(
        state=state,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=clock.start_of(due_day) if due_day else at + interval,
        last_review=at,
        last_day=day,
        due_day=due_day,
        reps=memory.reps + 1,
        lapses=memory.lapses + (memory.state is State.REVIEW and rating is Rating.AGAIN),
    )


def preview(
    memory: Memory, at: dt.datetime, clock: StudyClock, settings: Settings, seed: str, load: Load = NO_LOAD
) -> dict[Rating, Memory]:
    """What each rating would give: the same as `next_state` gives when that rating comes within this study day."""
    return {rating: next_state(memory, rating, at, clock, settings, seed, load) for rating in Rating}


def retrievability(memory: Memory, at: dt.datetime, clock: StudyClock, settings: Settings) -> float:
    """The probability (0 to 1) of recall on the study day of `at`. 0 for a card never seen."""
    later = EPOCH + dt.timedelta(days=_elapsed_days(memory, clock.day(at)))
    return _scheduler(settings).get_card_retrievability(_fsrs_card(memory), later)


def _elapsed_days(memory: Memory, day: dt.date) -> int:
    return max(0, (day - memory.last_day).days) if memory.last_day else 0


def _fuzzed(
    interval: int, elapsed: int, rating: Rating, day: dt.date, settings: Settings, seed: str, load: Mapping[int, int]
) -> int:
    longest = settings.maximum_interval_days
    if settings.latest is not None and settings.latest > day:
        longest = min(longest, (settings.latest - day).days)
    interval = min(interval, longest)
    if not settings.fuzz:
        return interval
    # A card that was remembered and earns a longer interval is not given a shorter one by chance.
    grows = rating is not Rating.AGAIN and interval > elapsed
    shortest = elapsed + 1 if grows else 2
    return fuzz.choose(interval, seed, shortest=shortest, longest=longest, load=load)


@lru_cache(maxsize=256)
def _scheduler(settings: Settings) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        parameters=settings.weights,
        desired_retention=settings.desired_retention,
        learning_steps=[dt.timedelta(minutes=step) for step in settings.learning_steps_minutes],
        relearning_steps=[dt.timedelta(minutes=step) for step in settings.relearning_steps_minutes],
        maximum_interval=settings.maximum_interval_days,
        enable_fuzzing=False,
    )


def _fsrs_card(memory: Memory) -> fsrs.Card:
    return fsrs.Card(
        card_id=0,  # left out, py-fsrs would wait a millisecond to make one
        state=_TO_FSRS[memory.state],
        step=0 if memory.state is State.NEW else memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=EPOCH,
        last_review=None if memory.last_review is None else EPOCH,
    )
