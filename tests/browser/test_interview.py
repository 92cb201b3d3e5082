"""Two weeks to an interview in a browser, day by day and only by what Today says next: cards, concepts, a lab that is
failed first, timed rounds, two missed days, two mock interviews and a light last day."""

import datetime as dt
import io
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db.models.signals import post_init
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from codelabs import loading
from codelabs.models import Submission
from prepsite.accounts.models import User
from quizzes.models import Card, Concept, Flashcard, QuizSession, Reading, Review
from tests.browser.test_labs import GRADING_MS, write
from tests.browser.test_mocks import step, typed
from tests.browser.test_quiz import sign_in
from tests.browser.test_story import answer_something
from tests.codelabs.folders import FILES, make_folder
from tests.quizzes.factories import make_misconception, make_question, make_topic
from tests.quizzes.flashcards import make_flashcards
from tests.quizzes.test_mocks import stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = dt.date(2026, 3, 9)
DAYS = 14
INTERVIEW = FIRST + dt.timedelta(days=DAYS)
MISSED = {3, 4}
MOCKS = {7, 12}  # half-way, and two days before
LAST = DAYS - 1
CONCEPTS = ("recurrence", "gates", "masking")
CARDS_OF_EACH = 10
NAGGING = re.compile(r"missed|behind|overdue|late|streak|should have|catch up", re.IGNORECASE)


@dataclass
class Day:
    """What Today led to, in order, and what it said in the morning."""

    steps: list[str] = field(default_factory=list)
    morning: str = ""
    plan: str = ""


@pytest.fixture
def same_fuzz() -> Iterator[None]:
    """A card's id follows from what it asks: fuzz is drawn from it, and every run draws the same."""

    def name(instance: Card, **_: object) -> None:
        if instance.pk is None and instance.flashcard_id:
            instance.uuid = uuid.uuid5(uuid.NAMESPACE_OID, instance.flashcard.slug)

    post_init.connect(name, sender=Card)
    yield
    post_init.disconnect(name, sender=Card)


@pytest.fixture
def content(transactional_db: None, same_fuzz: None, tmp_path: Path) -> None:
    """A small course: three concepts that build on each other, questions for a mock and for quizzes, and a lab."""
    stock()
    make_question("single", "same-at-all-steps")
    make_question("multiple", "what-an-lstm-adds")
    for order, slug in enumerate(CONCEPTS):
        topic = make_topic(f"about-{slug}", order=order)
        concept = Concept.objects.create(slug=slug, topic=topic, title=slug.capitalize(), order=order)
        for card in make_flashcards(CARDS_OF_EACH, topic):
            card.concepts.add(concept)
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    make_misconception("adds", belief="Scaling adds the factor.", correction="It is a product.")
    make_flashcards(1, make_topic("about-masking"), front_html="<p>Sum or product?</p>", misconception="adds")


def test_a_fortnight_to_the_interview(page: Page, live_server: LiveServer, alice: User, content: None) -> None:
    diary: dict[int, Day] = {}
    for number in sorted({*range(DAYS)} - MISSED):
        morning = dt.datetime.combine(FIRST + dt.timedelta(days=number), dt.time(9), tzinfo=dt.UTC)
        with time_machine.travel(morning, tick=True):
            alice.refresh_from_db()
            sign_in(page, live_server, alice)
            if number == 0:
                make_the_plan(page, live_server)
            diary[number] = live(page, live_server)

    # The plan was followed, and made anew after the days that were missed.
    assert {number for number, day in diary.items() if "mock" in day.steps} == MOCKS
    # Fuzz may leave a day without a card that is due; it cannot leave many.
    assert sum("review" in day.steps for day in diary.values()) >= len(diary) - 4, diary
    assert [number for number, day in diary.items() if "concept" in day.steps] == [0]
    assert "lab" in diary[0].steps or "lab" in diary[1].steps
    assert set(diary[LAST].steps) <= {"review"}, "the last day is for cards seen before"
    assert "light day" in diary[LAST].plan
    assert f"{DAYS - 5} days to your interview" in diary[5].plan
    assert not any(NAGGING.search(day.morning) for day in diary.values())

    # The lab failed, was diagnosed, brought its card forward, and passed.
    assert list(Submission.objects.order_by("pk").values_list("verdict", flat=True)) == ["failed", "passed"]
    assert Card.objects.for_user(alice).get(flashcard__misconception="adds").reps > 0

    # Every card was met, and again before the date; nothing new on the last day, when the plan is followed.
    cards = Card.objects.for_user(alice).exclude(flashcard__lab__gt="")
    assert cards.filter(reps__gt=0).count() == Flashcard.objects.filter(lab="").count()
    days_of = {card.pk: set(card.reviews.standing().values_list("study_day", flat=True)) for card in cards}
    assert all(len(days) >= 2 and max(days) < INTERVIEW for days in days_of.values()), days_of
    assert not Review.objects.filter(study_day=FIRST + dt.timedelta(days=LAST), before__state="new").exists()
    readiness_rose(alice)
    assert QuizSession.objects.mocks().for_user(alice).exclude(finished_at=None).count() == len(MOCKS)
    call_command("replay", check=True, stdout=io.StringIO())

    with time_machine.travel(dt.datetime.combine(INTERVIEW, dt.time(8), tzinfo=dt.UTC), tick=True):
        sign_in(page, live_server, alice)
        page.goto(live_server.url)
        expect(page.get_by_text("Your interview is today: nothing new")).to_be_visible()
        page.goto(live_server.url + reverse("plan"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Your interview is today.")


def readiness_rose(alice: User) -> None:
    """Recall rose from nothing to what the first reading had predicted."""
    readings = list(Reading.objects.for_user(alice).whole())
    assert [one.study_day for one in readings] == sorted({one.study_day for one in readings})
    assert len(readings) >= DAYS - len(MISSED) - len(MOCKS)
    first, last = readings[0], readings[-1]
    assert first.now < 0.1 < 0.8 < last.now
    assert last.mean >= first.low - 0.01, "what the first day promised came true"


def make_the_plan(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + reverse("plan"))
    page.get_by_label("Interview on").fill(INTERVIEW.isoformat())
    page.get_by_label("Minutes a day").fill("60")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{DAYS} days to your interview")


def live(page: Page, live_server: LiveServer) -> Day:
    """Follow Today until nothing is next."""
    day = Day()
    page.goto(live_server.url + reverse("plan"))
    day.plan = page.locator("main").inner_text()
    page.goto(live_server.url)
    day.morning = page.locator("main").inner_text()
    for _ in range(20):
        page.goto(live_server.url)
        following = page.locator("[data-next-step]")
        if not following.count():
            return day
        with page.expect_navigation():
            following.click()
        kind, act = next(
            (kind, act) for address, (kind, act) in PLACES.items() if address in page.url.removeprefix(live_server.url)
        )
        day.steps.append(kind)
        act(page, live_server)
    pytest.fail(f"The day never ended: {day.steps}")


def review(page: Page, live_server: LiveServer) -> None:
    """All that waits; now and then something is forgotten."""
    rated = 0
    while page.locator("[data-answer]").count():
        rated += 1
        page.keyboard.press("Space")
        expect(page.locator("[data-back]")).to_be_visible()
        with page.expect_response("**/rate/"):
            page.keyboard.press("1" if rated % 9 == 4 else "3")
        expect(page.locator("[data-review][aria-busy]")).to_have_count(0)


def read_about(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_role("button", name=re.compile("I have read it")).first.click()


def the_lab(page: Page, live_server: LiveServer) -> None:
    tries = ((FILES["wrong/adds.py"], "exactly like adding"), (FILES["solution.py"], "Passed: all 4 cases"))
    for source, said in tries:
        write(page, source)
        page.keyboard.press("Control+Shift+Enter")
        expect(page.locator("#result")).to_contain_text(said, timeout=GRADING_MS)
    page.goto("about:blank")


def timed_round(page: Page, live_server: LiveServer) -> None:
    if page.get_by_role("button", name="Start the quiz").count():
        assert page.get_by_label("Questions", exact=True).input_value() == "5"
        with page.expect_navigation():
            page.get_by_role("button", name="Start the quiz").click()
    for _ in range(12):
        expect(page).to_have_url(re.compile(r"/quiz/[\w-]+/"))
        if page.url.endswith("/result/"):
            return
        if page.locator("form[data-answer]").count():
            answer_something(page)
            page.get_by_role("button", name="Commit the answer").click()
            expect(page.locator("#model-answer")).to_be_visible()
        points = page.get_by_role("button", name="Save the points and go on")
        with page.expect_navigation():
            points.click() if points.count() else page.locator("[data-next-step]").click()
    pytest.fail("The round never ended.")


def mock(page: Page, live_server: LiveServer) -> None:
    page.get_by_label("How you answer").select_option("typed")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/mocks/[0-9a-f-]+/1/$"))
    for _ in range(60):
        with page.expect_navigation():
            step(page, typed)
        if page.url.endswith("/report/"):
            expect(page.get_by_role("heading", name="By dimension")).to_be_visible()
            return
    pytest.fail("The interview never ended.")


PLACES: dict[str, tuple[str, Callable[[Page, LiveServer], None]]] = {
    "/review/": ("review", review),
    "/topics/": ("concept", read_about),
    "/labs/": ("lab", the_lab),
    "/quiz/": ("quiz", timed_round),
    "/mocks/": ("mock", mock),
}
