"""How long a learner sat at quizzes and labs on each study day, as far as times of answers and attempts tell.

Nobody times a thought: between two answers of a session, and two attempts at a lab, counts what lies between them,
and nothing where the pause is long. What came before the first attempt at a lab is not known and not counted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from codelabs.models import Submission
from prepsite.accounts.models import User
from quizzes.models import SessionItem
from quizzes.scheduling import StudyClock

ANSWER_SECONDS = 600.0  # a longer pause was no thinking about an answer
ATTEMPT_SECONDS = 1200.0  # nor one about an attempt
STAGE_SECONDS = 1800.0  # nor one within a stage of an interview


def quiz_seconds(user: User, since: dt.datetime, clock: StudyClock) -> Mapping[dt.date, float]:
    """Seconds by study day, from the instant on; one query. A stage of a mock interview knows when it was opened."""
    items = SessionItem.objects.for_user(user).committed().filter(committed_at__gte=since)
    columns = ("session_id", "session__started_at", "opened_at", "committed_at")
    answers: list[tuple[int, dt.datetime]] = []
    stages: list[tuple[int, dt.datetime]] = []
    for number, (session, started, opened, committed) in enumerate(
        items.order_by("session", "committed_at").values_list(*columns)
    ):
        if committed and opened:
            stages += [(number, opened), (number, committed)]
            continue
        if not answers or answers[-1][0] != session:
            answers.append((session, started))
        if committed:
            answers.append((session, committed))
    found = _between(answers, ANSWER_SECONDS, clock)
    for day, seconds in _between(stages, STAGE_SECONDS, clock).items():
        found[day] += seconds
    return found


def lab_seconds(user: User, since: dt.datetime, clock: StudyClock) -> Mapping[dt.date, float]:
    """Seconds by study day, from the instant on; one query."""
    attempts = Submission.objects.for_user(user).filter(created_at__gte=since)
    return _between(attempts.order_by("lab", "created_at").values_list("lab_id", "created_at"), ATTEMPT_SECONDS, clock)


def _between(rows: Iterable[tuple[int, dt.datetime]], most: float, clock: StudyClock) -> defaultdict[dt.date, float]:
    """Of rows sorted by thing and time: what lies before each, if the one before is of the same thing."""
    found: defaultdict[dt.date, float] = defaultdict(float)
    last: tuple[int, dt.datetime] | None = None
    for thing, at in rows:
        if last and last[0] == thing:
            gap = (at - last[1]).total_seconds()
            if gap <= most:
                found[clock.day(at)] += gap
        last = (thing, at)
    return found
