"""Scheduling: when a card comes back. Pure: no Django, no clock, no randomness of its own.

study_day   which day an instant belongs to for this learner
memory      what is remembered of a card, and the settings
fuzz        the small seeded change of an interval
forward     one rating forward, and what each button would give
history     a whole history folded, as `manage.py replay` does
"""

from quizzes.scheduling.forward import Load, next_state, preview, retrievability
from quizzes.scheduling.memory import ALGORITHM, SCHEDULER, Memory, Rating, Settings, State
from quizzes.scheduling.study_day import StudyClock

__all__ = [
    "ALGORITHM",
    "SCHEDULER",
    "Load",
    "Memory",
    "Rating",
    "Settings",
    "State",
    "StudyClock",
    "next_state",
    "preview",
    "retrievability",
]
