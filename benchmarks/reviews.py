"""What reviewing costs: the scheduler beside bare py-fsrs, the queue of few cards beside that of many, and a rating
beside a Django view that does nothing. Medians of CPU times, database included; the ratios are what travels."""

import datetime as dt
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="prepsite-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "prepsite.settings"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

import fsrs
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Topic
from quizzes.reviewing import queue, record_review
from quizzes.scheduling import Memory, Settings, StudyClock, next_state, preview

NOW = dt.datetime.now(dt.UTC)
CLOCK = StudyClock("Europe/Berlin", 4)
MANY = 10_000  # cards due


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("prepsite.urls"))]


def median_ms(act: Callable[[], object], times: int = 60) -> float:
    act()
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append(1000 * (time.process_time() - start))
    return statistics.median(taken)


def learner(email: str, flashcards: list[Flashcard]) -> User:
    """Someone for whom all these cards are due."""
    user = User.objects.create_user(email, "correct-horse-battery", zone=CLOCK.zone)
    met = NOW - dt.timedelta(days=20)
    memory = next_state(Memory(due=met), 4, met, CLOCK, Settings(), "bench")
    Card.objects.bulk_create(Card(user=user, flashcard=card, version=1, **vars(memory)) for card in flashcards)
    return user


def scheduling() -> None:
    settings, card, theirs = Settings(), fsrs.Card(card_id=1), fsrs.Scheduler()
    memory = next_state(Memory(due=NOW), 4, NOW, CLOCK, settings, "bench")
    card, _ = theirs.review_card(card, fsrs.Rating.Easy, NOW)
    later = NOW + dt.timedelta(days=9)
    ours = median_ms(lambda: next_state(memory, 3, later, CLOCK, settings, "bench"), 2000)
    bare_fsrs = median_ms(lambda: theirs.review_card(card, fsrs.Rating.Good, later), 2000)
    four = median_ms(lambda: preview(memory, later, CLOCK, settings, "bench"), 500)
    print(f"   one rating scheduled      {ours:8.3f} ms   {ours / bare_fsrs:5.2f} x bare py-fsrs ({bare_fsrs:.3f} ms)")
    print(f"   four buttons previewed    {four:8.3f} ms   {four / ours:5.2f} x one rating")


def pages(few: User, many: User) -> None:
    clock = CLOCK
    small = median_ms(lambda: queue(few, NOW, clock))
    large = median_ms(lambda: queue(many, NOW, clock))
    print(f"   queue, 10 cards due       {small:8.2f} ms")
    print(f"   queue, {MANY} due        {large:8.2f} ms   {large / small:5.2f} x ten cards")
    client = Client(headers={"HX-Request": "true"})
    client.force_login(many)
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        nothing = median_ms(lambda: client.get("/bare/"))
        page = median_ms(lambda: client.get("/review/"))

        def rate() -> None:
            shown = queue(many, NOW, clock).next
            assert shown
            data = {"rating": 4, "version": shown.version, "event": uuid.uuid4()}
            start = time.process_time()
            response = client.post(f"/review/{shown.flashcard.uuid}/rate/", data)
            rated.append(1000 * (time.process_time() - start))
            assert response.status_code == 200

        rated: list[float] = []
        for _ in range(60):
            rate()
    rating = statistics.median(rated)
    print(f"   a Django view, bare       {nothing:8.2f} ms")
    print(f"   the card that waits       {page:8.2f} ms   {page / nothing:5.2f} x the bare view")
    print(f"   a rating and the next     {rating:8.2f} ms   {rating / nothing:5.2f} x the bare view")
    alone = median_ms(lambda: _record(many))
    print(f"   the rating, recorded      {alone:8.2f} ms")


def _record(user: User) -> None:
    card = Card.objects.for_user(user).learned().select_related("flashcard")[0]
    record_review(user, card.flashcard, 4, NOW, CLOCK, event_id=uuid.uuid4(), version=card.version)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    topic = Topic.objects.create(slug="bench", code="B", title="Bench", summary="Bench.")
    flashcards = Flashcard.objects.bulk_create(
        Flashcard(slug=f"bench--{n}", topic=topic, order=n % 1000, front="F", back="B") for n in range(MANY)
    )
    scheduling()
    pages(learner("few@example.org", flashcards[:10]), learner("many@example.org", flashcards))


if __name__ == "__main__":
    main()
