"""A fortnight of reviewing in a browser: day by day, over a daylight-saving change and a move to another zone, with
undo and redo, a second device, a lost connection and a day wholly offline. Afterwards every card is what its log
says."""

import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepsite.accounts.models import User
from quizzes import timewords
from quizzes.models import Card, Plan, Question, Review
from quizzes.scheduling import StudyClock
from tests.browser.conftest import PHONE
from tests.browser.test_offline import reconnect, wait_until
from tests.quizzes.flashcards import make_flashcards, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = dt.date(2026, 3, 20)  # Berlin's clocks change on the 29th
EVENING = dt.time(21, 50, tzinfo=dt.UTC)  # just before midnight there
DAYS = 14


@dataclass
class Diary:
    """What the learner did: (study day, front, key), with the interval that the button promised; none offline."""

    rated: list[tuple[dt.date, str, str]] = field(default_factory=list)
    promised: list[str | None] = field(default_factory=list)


@pytest.fixture
def sign_in_page(live_server: LiveServer, alice: User) -> Callable[[Page], None]:
    """A fresh session on the page's device, valid at the time of the story."""

    def enter(page: Page) -> None:
        client = Client()
        client.force_login(alice)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return enter


@pytest.fixture
def carried(browser: Browser) -> Iterator[BrowserContext]:
    """A device that has the site installed, with its service worker."""
    context = browser.new_context(viewport=PHONE, service_workers="allow")
    yield context
    context.close()


def settled(page: Page) -> None:
    expect(page.locator("[data-review][aria-busy]")).to_have_count(0, timeout=30_000)


def rate(page: Page, day: dt.date, diary: Diary, key: str) -> None:
    front = page.locator("[data-front]").inner_text()
    page.keyboard.press("Space")
    button = page.locator(f'[name="rating"][value="{key}"]')
    diary.promised.append(button.locator(".review__interval").inner_text())
    page.keyboard.press(key)
    settled(page)
    diary.rated.append((day, front, key))


def finish(page: Page, day: dt.date, diary: Diary) -> None:
    """Every card of the day; each sixth rating is Again."""
    while page.locator("[data-answer]").count():
        rate(page, day, diary, "1" if len(diary.rated) % 6 == 5 else "3")


def move_to(page: Page, live_server: LiveServer, zone: str) -> None:
    page.goto(live_server.url + "/account/")
    page.get_by_label("Time zone").select_option(zone)
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def test_a_fortnight(
    page: Page,
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    alice: User,
    carried: BrowserContext,
    sign_in_page: Callable[[Page], None],
) -> None:
    topic = make_topic()
    common = {"topic": topic, "kind": "open", "level": "basic", "prompt": "?", "answer_short": "!"}
    for slug in ("gates", "cells"):
        make_flashcards(2, topic, question=Question.objects.create(slug=slug, title=slug, **common))
    make_flashcards(40, topic)
    Plan.objects.create(user=alice, new_per_day=2)
    diary, second = Diary(), new_context(viewport=PHONE).new_page()
    train = carried.new_page()
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        with time_machine.travel(dt.datetime.combine(day, EVENING), tick=False):
            alice.refresh_from_db()
            sign_in_page(page)
            if number == 9:
                move_to(page, live_server, "America/Lima")
                alice.refresh_from_db()
            assert StudyClock(alice.zone, alice.day_start_hour).day(dt.datetime.combine(day, EVENING)) == day
            if number == 9:
                back_from_the_train(train, live_server)
            page.goto(live_server.url + "/review/")
            if number == 8:
                a_day_offline(train, page, live_server, day, diary)
                continue
            if number in (2, 11):
                undo_and_redo(page, day, diary)
            if number == 5:
                two_devices(page, second, sign_in_page, live_server, day, diary)
            if number == 7:
                lost_connection(page, day, diary)
            finish(page, day, diary)
            if number == 7:
                take_along(train, sign_in_page, live_server)

    standing = list(Review.objects.standing().order_by("pk"))
    assert len(standing) == len(diary.rated), "each rating that the learner gave, once"
    assert [review.rating for review in standing] == [int(key) for _, _, key in diary.rated]
    assert [review.study_day for review in standing] == [day for day, _, _ in diary.rated]
    assert {review.zone for review in standing} == {"Europe/Berlin", "America/Lima"}
    assert Review.objects.filter(kind="undo").count() == 7, (
        "six of the learner's, and one to put a late rating in its place"
    )
    promises_were_kept(standing, diary)
    siblings_came_on_different_days(standing)
    out = io.StringIO()
    call_command("replay", "--check", stdout=out)
    assert out.getvalue() == f"Each of {Card.objects.count()} cards equals the fold of its log.\n"
    with time_machine.travel(dt.datetime.combine(FIRST + dt.timedelta(days=DAYS - 1), EVENING), tick=False):
        sign_in_page(page)
        page.goto(live_server.url + "/review/plan/")
        expect(page.get_by_text(f"You have reviewed {DAYS} days in a row.")).to_be_visible()


def undo_and_redo(page: Page, day: dt.date, diary: Diary) -> None:
    """Two ratings, back, forth, back, and one of them given anew."""
    fronts = []
    for key in ("4", "3"):
        fronts.append(page.locator("[data-front]").inner_text())
        rate(page, day, diary, key)
    for key, front in (("u", fronts[1]), ("u", fronts[0])):
        page.keyboard.press(key)
        settled(page)
        expect(page.locator("[data-front]")).to_have_text(front)
    page.reload()  # whatever the page knew is gone; the log is not
    page.keyboard.press("r")
    settled(page)
    page.keyboard.press("r")
    settled(page)
    page.keyboard.press("u")
    settled(page)
    expect(page.locator("[data-front]")).to_have_text(fronts[1])
    diary.rated.pop()
    diary.promised.pop()


def two_devices(
    page: Page,
    phone: Page,
    sign_in_page: Callable[[Page], None],
    live_server: LiveServer,
    day: dt.date,
    diary: Diary,
) -> None:
    """The phone rates first; the same card on the desk is refused with a sentence, and nothing is counted twice."""
    sign_in_page(phone)
    phone.goto(live_server.url + "/review/")
    rate(phone, day, diary, "3")
    page.keyboard.press("Space")
    page.keyboard.press("4")
    settled(page)
    expect(page.get_by_role("alert").filter(has_text="your rating was not counted")).to_be_visible()


def lost_connection(page: Page, day: dt.date, diary: Diary) -> None:
    page.context.set_offline(True)
    front = page.locator("[data-front]").inner_text()
    page.keyboard.press("Space")
    diary.promised.append(page.locator('[name="rating"][value="3"] .review__interval').inner_text())
    page.keyboard.press("3")
    expect(page.locator("[data-review-trouble]")).to_be_visible()
    page.context.set_offline(False)  # the page notices by itself
    expect(page.locator("[data-review-trouble]")).to_be_hidden()
    settled(page)
    diary.rated.append((day, front, "3"))


def take_along(train: Page, sign_in_page: Callable[[Page], None], live_server: LiveServer) -> None:
    """The evening before: the device is opened once, and keeps what falls due on the coming days."""
    train.clock.set_fixed_time(timezone.now())
    sign_in_page(train)
    train.goto(live_server.url + "/topics/")
    wait_until(train, "navigator.serviceWorker.controller")
    train.evaluate("window.offline.ready")
    train.context.set_offline(True)


def a_day_offline(train: Page, desk: Page, live_server: LiveServer, day: dt.date, diary: Diary) -> None:
    """The whole day in a train without a network. Late at night the learner rates one of these cards at the desk, too,
    which knows nothing of the train."""
    train.clock.set_fixed_time(timezone.now() - dt.timedelta(hours=3))
    train.goto(live_server.url + "/review/")
    expect(train.get_by_role("heading", level=1)).to_have_text("Review, offline")
    expect(train.locator("[data-front]")).not_to_be_empty()
    fronts = []
    while train.locator("[data-card]").is_visible():
        fronts.append(train.locator("[data-front]").inner_text())
        left = train.locator("[data-place]").inner_text()
        train.keyboard.press("Space")
        expect(train.locator("[data-back]")).to_be_visible()
        train.keyboard.press("3")
        expect(train.locator("[data-place]").and_(train.get_by_text(left, exact=True))).to_be_hidden()
    expect(train.get_by_role("heading", level=1)).to_have_text("That is all for today")
    assert len(fronts) >= 2
    at_the_desk = desk.locator("[data-front]").inner_text()
    assert at_the_desk in fronts
    before = Review.objects.count()
    desk.keyboard.press("Space")
    desk.keyboard.press("3")
    settled(desk)
    assert Review.objects.count() == before + 1
    for front in fronts:
        diary.rated += [(day, front, "3")] * (2 if front == at_the_desk else 1)
    diary.promised += [None] * (len(fronts) + 1)


def back_from_the_train(train: Page, live_server: LiveServer) -> None:
    train.clock.set_fixed_time(timezone.now())
    reconnect(train)
    train.goto(live_server.url + "/topics/")
    wait_until(train, "navigator.serviceWorker.controller")
    train.evaluate("window.offline.ready")
    expect(train.locator("[data-offline-line]")).to_be_hidden()


def promises_were_kept(standing: list[Review], diary: Diary) -> None:
    given = [timewords.interval(review.memory_after) for review in standing]
    assert len(given) == len(diary.promised)
    assert [one for one, promise in zip(given, diary.promised, strict=True) if promise] == list(
        filter(None, diary.promised)
    )


def siblings_came_on_different_days(standing: list[Review]) -> None:
    seen = Counter(
        (review.study_day, question, review.card_id)
        for review in standing
        if (question := review.card.flashcard.question_id)
    )
    days = sorted((day, question) for day, question, _ in seen)
    assert all(one != other for one, other in pairwise(days)), days
