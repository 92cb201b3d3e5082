"""How an answer was given: what interviewers score as communication, beside what was said. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Habit:
    key: str
    text: str
    weight: int


# Beside the ten points of a rubric: how it was said decides between two answers that said as much.
HABITS = (
    Habit("answer-first", "The first sentence answered the question.", 1),
    Habit("assumptions", "I named what I assume: shapes, conventions, constraints.", 1),
)
IN_TIME = Habit("in-time", "The answer came within its time.", 1)
KEYS = frozenset(habit.key for habit in HABITS)


def points(ticked: Collection[str], *, in_time: bool) -> tuple[int, int]:
    """Points won and points there are. The time is measured; the rest the learner says."""
    won = sum(habit.weight for habit in HABITS if habit.key in ticked) + IN_TIME.weight * in_time
    return won, sum(habit.weight for habit in (*HABITS, IN_TIME))
