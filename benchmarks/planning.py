"""What a plan to a date costs: plan and forecast beside the due queue, and beside its query alone, for 1,250 to 10,000
cards.

CPU times, database included, in turns: medians with their quartiles. The queue is that of a learner with the same cards
and no date, for with a date the queue asks the plan how much today holds; the query alone fetches the due
cards in their order. The cost has to grow as the cards do, and to stay below twenty of them for 5,000 cards.
"""

import datetime as dt
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="prepsite-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "prepsite.settings"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.core.management import call_command

from benchmarks.parts.table import ratio, row
from prepsite.accounts.models import User
from prepsite.study import clock_of, lab_shelf, preparation
from quizzes.models import Card, Concept, Flashcard, Plan, Topic
from quizzes.reviewing import queue
from quizzes.scheduling import Memory, Settings, StudyClock, next_state

NOW = dt.datetime.now(dt.UTC)
SIZES = (1_250, 2_500, 5_000, 10_000)
TOPICS = 10
TIMES = 15
MOST = 20.0  # queues, for
AT = 5_000  # cards
STRAIGHT = 1.5  # so many times twice the cost for twice the cards, at most


def learner(name: str, size: int, flashcards: list[Flashcard]) -> User:
    """Somebody for whom half of `size` cards wait; the others are new."""
    user = User.objects.create_user(f"{name}-{size}@example.org", "correct-horse-battery")
    met = NOW - dt.timedelta(days=20)
    memory = next_state(Memory(due=met), 4, met, StudyClock("UTC", 4), Settings(), "bench")
    known = vars(memory) | {"queue_day": memory.due_day}
    Card.objects.bulk_create(Card(user=user, flashcard=card, version=1, **known) for card in flashcards[: size // 2])
    return user


def aim(user: User) -> None:
    """At an interview in a fortnight."""
    today = clock_of(user).day(NOW)
    Plan.objects.create(
        user=user, interview_on=today + dt.timedelta(days=14), made_on=today, minutes_per_day=60, role="engineer"
    )


def content() -> list[Flashcard]:
    """Flashcards in turn over all topics, so that every part of them is spread alike."""
    topics = [
        Topic.objects.create(slug=f"topic-{n}", code=f"T{n}", title=f"Topic {n}", summary="A topic.", order=n)
        for n in range(TOPICS)
    ]
    for topic in topics:
        Concept.objects.create(slug=f"of-{topic.slug}", topic=topic, title="Concept", order=topic.order)
    return Flashcard.objects.bulk_create(
        Flashcard(slug=f"bench--{n}", topic=topics[n % TOPICS], order=n, front="F", back="B", status="retired")
        for n in range(max(SIZES))
    )


def due(user: User) -> list[Card]:
    learned = Card.objects.for_user(user).learned()
    return list(learned.filter(queue_day__lte=clock_of(user).day(NOW)).order_by("queue_day", "pk"))


def seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def measure(size: int, planner: User, other: User) -> tuple[list[float], bool]:
    """Seconds of plan and forecast, and whether they stay within their bounds."""
    ours, queues, queries = [], [], []
    for turn in range(TIMES + 1):
        planned = seconds(lambda: preparation(planner, NOW, lab_shelf(planner)))
        asked = seconds(lambda: queue(other, NOW, clock_of(other)))
        listed = seconds(lambda: due(other))
        if turn:  # the first turn warms all
            ours.append(planned)
            queues.append(asked)
            queries.append(listed)
    most = MOST if size <= AT else MOST * size / AT
    held = ratio(f"plan and forecast of {size:,} cards, beside the queue", ours, queues, most=most)
    if size == AT:
        held &= ratio(f"plan and forecast of {size:,} cards, beside its query", ours, queries, most=most)
    return ours, held


def main() -> int:
    call_command("migrate", verbosity=0)
    flashcards = content()
    costs: dict[int, float] = {}
    held = []
    for size in SIZES:
        planner, other = learner("with-a-date", size, flashcards), learner("without", size, flashcards)
        aim(planner)
        Flashcard.objects.filter(pk__in=[one.pk for one in flashcards[:size]]).update(status="published")
        taken, holds = measure(size, planner, other)
        costs[size] = statistics.median(taken)
        held.append(holds)
    for smaller, larger in itertools.pairwise(SIZES):
        grown, most = costs[larger] / costs[smaller], STRAIGHT * larger / smaller
        held.append(row(f"from {smaller:,} to {larger:,} cards", grown, f"<= {most:g}x", grown <= most))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
