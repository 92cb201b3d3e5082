"""How an answer was given: what interviewers score as communication, beside what was said. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Habit:
    key: str
    text: str
    weight: int


HABITS = (
    Habit("answer-first", "The first sentence answered the question.", 4),
    Habit("assumptions", "I named what I assume: shapes, conventions, constraints.", 3),
)
IN_TIME = Habit("in-time", "The answer came within its time.", 3)
KEYS = frozenset(habit.key for habit in HABITS)


def points(ticked: Collection[str], *, in_time: bool) -> tuple[int, int]:
    """Points won and points there are. The time is measured; the rest the learner says."""
    won = sum(habit.weight for habit in HABITS if habit.key in ticked) + IN_TIME.weight * in_time
    return won, sum(habit.weight for habit in (*HABITS, IN_TIME))
