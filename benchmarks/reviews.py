"""What reviewing costs: the scheduler beside bare py-fsrs; the queue of few cards beside that of many, and of a small
site beside one of a million cards; a rating beside a Django view that does nothing, and beside Anki's own engine.

CPU times, database included: medians with their quartiles. The ratios are what travels.
"""

import datetime as dt
import json
import os
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="prepsite-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "prepsite.settings"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

import fsrs
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Topic
from quizzes.reviewing import queue, record_review
from quizzes.scheduling import Memory, Settings, StudyClock, next_state, preview

HERE = Path(__file__).parent
NOW = dt.datetime.now(dt.UTC)
CLOCK = StudyClock("Europe/Berlin", 4)
MANY = 10_000  # cards due
SITE = 1_000_000  # cards of all learners


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("prepsite.urls"))]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU: the median, and the quartiles around it."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:8.2f} ms ({self.low:.2f} to {self.high:.2f})"

    def beside(self, other: "Cost", what: str) -> str:
        return f"{self}   {self.median / other.median:6.2f} x {what}"


def cost(taken: Sequence[float]) -> Cost:
    return Cost(*statistics.quantiles(taken, n=4))


def measure(act: Callable[[], object], times: int = 60) -> Cost:
    act()
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append(1000 * (time.process_time() - start))
    return cost(taken)


def learner(email: str, flashcards: list[Flashcard]) -> User:
    """Someone for whom all these cards are due."""
    user = User.objects.create_user(email, "correct-horse-battery", zone=CLOCK.zone)
    met = NOW - dt.timedelta(days=20)
    memory = next_state(Memory(due=met), 4, met, CLOCK, Settings(), "bench")
    known = vars(memory) | {"queue_day": memory.due_day}
    Card.objects.bulk_create(Card(user=user, flashcard=card, version=1, **known) for card in flashcards)
    return user


def crowd(model: User) -> None:
    """Fill the site with the cards of others, copies of one learner's, until there are a million."""
    columns = [field.column for field in Card._meta.concrete_fields if field.name not in ("id", "uuid", "user")]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        for number in range(SITE // MANY - 1):
            other = User.objects.create(email=f"other-{number}@example.org")
            cursor.execute(
                f"INSERT INTO quizzes_card (uuid, user_id, {names}) "
                f"SELECT lower(hex(randomblob(16))), %s, {names} FROM quizzes_card WHERE user_id = %s",
                [other.pk, model.pk],
            )
        cursor.execute("ANALYZE")


def scheduling() -> None:
    settings, card, theirs = Settings(), fsrs.Card(card_id=1), fsrs.Scheduler()
    memory = next_state(Memory(due=NOW), 4, NOW, CLOCK, settings, "bench")
    card, _ = theirs.review_card(card, fsrs.Rating.Easy, NOW)
    later = NOW + dt.timedelta(days=9)
    ours = measure(lambda: next_state(memory, 3, later, CLOCK, settings, "bench"), 2000)
    bare_fsrs = measure(lambda: theirs.review_card(card, fsrs.Rating.Good, later), 2000)
    four = measure(lambda: preview(memory, later, CLOCK, settings, "bench"), 500)
    print(f"   one rating scheduled      {ours.beside(bare_fsrs, 'bare py-fsrs')}")
    print(f"   four buttons previewed    {four.beside(ours, 'one rating')}")


def queues(few: User, many: User, name: str) -> tuple[Cost, Cost]:
    small = measure(lambda: queue(few, NOW, CLOCK))
    large = measure(lambda: queue(many, NOW, CLOCK))
    print(f"   {name}")
    print(f"   queue, 10 cards due       {small}")
    print(f"   queue, {MANY} due        {large.beside(small, 'ten cards')}")
    return small, large


def pages(many: User) -> Cost:
    """The pages of a learner for whom many cards are due; gives back the cost of recording a rating alone."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(many)
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        nothing = measure(lambda: client.get("/bare/"))
        page = measure(lambda: client.get("/review/"))
        rated: list[float] = []
        for _ in range(60):
            shown = queue(many, NOW, CLOCK).next
            assert shown
            data = {"rating": 4, "version": shown.version, "event": uuid.uuid4()}
            start = time.process_time()
            response = client.post(f"/review/{shown.flashcard.uuid}/rate/", data)
            rated.append(1000 * (time.process_time() - start))
            assert response.status_code == 200
    print(f"   a Django view, bare       {nothing}")
    print(f"   the card that waits       {page.beside(nothing, 'the bare view')}")
    print(f"   a rating and the next     {cost(rated).beside(nothing, 'the bare view')}")
    alone = measure(lambda: _record(many))
    print(f"   the rating, recorded      {alone.beside(nothing, 'the bare view')}")
    return alone


def _record(user: User) -> None:
    card = Card.objects.for_user(user).learned().select_related("flashcard")[0]
    record_review(user, card.flashcard, 4, NOW, CLOCK, event_id=uuid.uuid4(), version=card.version)


def beside_anki(built: Cost, recorded: Cost) -> None:
    made = subprocess.run([HERE.parent / "scripts/anki_env"], capture_output=True, text=True, check=False)
    if made.returncode:
        print(f"   Anki's engine is not here: {made.stderr.strip()[-200:]}")
        return
    program = [made.stdout.strip(), str(HERE / "anki_engine" / "collection.py")]
    told = json.loads(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    theirs_built, theirs_answered = Cost(*told["queue"]), Cost(*told["answer"])
    print(f"   beside Anki's own engine, {told['cards']} cards due in either")
    print(f"   Anki builds its queue     {theirs_built}")
    print(f"   our queue                 {built.beside(theirs_built, 'Anki')}")
    print(f"   Anki's answer_card        {theirs_answered}")
    print(f"   our rating, recorded      {recorded.beside(theirs_answered, 'Anki')}")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    topic = Topic.objects.create(slug="bench", code="B", title="Bench", summary="Bench.")
    flashcards = Flashcard.objects.bulk_create(
        Flashcard(slug=f"bench--{n}", topic=topic, order=n % 1000, front="F", back="B") for n in range(MANY)
    )
    scheduling()
    few, many = learner("few@example.org", flashcards[:10]), learner("many@example.org", flashcards)
    small, large = queues(few, many, "a site of ten thousand cards")
    crowd(many)
    small_here, large_here = queues(few, many, f"a site of {SITE:,} cards")
    print(
        f"   a million beside few      {small_here.median / small.median:.2f} x (10 due), "
        f"{large_here.median / large.median:.2f} x ({MANY} due)"
    )
    beside_anki(large_here, pages(many))


if __name__ == "__main__":
    main()
