"""Every page, on the real content, at desktop and phone width, light and dark.

No serious accessibility violation, no sideways scrolling, nothing loaded from another host.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Request, Response
from pytest_django.live_server_helper import LiveServer

from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from quizzes.models import Question, QuizSession, SessionItem
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MISSING = "/a-page-that-is-not-there/"
VISITOR = [
    "/",
    "/topics/",
    "/topics/recurrent-networks/",
    "/guides/recurrent-networks/",
    "/questions/rnn-weights-shared/",
    "/questions/what-is-an-rnn/",
    "/labs/",
    "/labs/?view=list",
    "/labs/rnn-cell/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    MISSING,
]
LEARNER = [
    "/",
    "/topics/",
    "/topics/recurrent-networks/",
    "/guides/recurrent-networks/",
    "/guides/choosing-a-sequence-model/",
    "/questions/what-is-an-rnn/",
    "/quiz/",
    "/review/",
    "/plan/",
    "/mocks/",
    "/review/plan/",
    "/review/help/",
    "/review/?mode=cram&q=topic:recurrent",
    "/cards/",
    "/cards/?q=is:new",
    "/cards/new/",
    "/cards/reports/",
    "/cards/discarded/",
    "/labs/",
    "/labs/?view=list",
    "/labs/lstm-step/",
    "/labs/lstm-step/history/",
    "/progress/",
    "/account/",
    "/account/in-and-out/",
    "/account/delete/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/logout/",
]
STAFF = ["/admin/coverage/"]
LOOKS = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]
COLOURS_ALONE = {
    "runOnly": ["color-contrast"]
}  # what another theme can change; structure is looked at in the light one


@pytest.fixture
def content(transactional_db: None) -> None:
    call_command("loadcontent", verbosity=0)


@pytest.fixture
def look(new_page: Callable[..., Page], live_server: LiveServer) -> Callable[..., list[str]]:
    """Open addresses with a look and a session, and answer with everything that is wrong with them."""

    def through(addresses: list[str], viewport: dict[str, int], scheme: str, client: Client | None) -> list[str]:
        page = new_page(viewport=viewport, color_scheme=scheme)
        if client is not None:
            cookie = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        wrong: list[str] = []

        def from_here(request: Request) -> None:
            if not request.url.startswith((live_server.url, "data:", "blob:")):
                wrong.append(f"{page.url} loads {request.url}")

        page.on("request", from_here)

        def arrived(response: Response) -> None:
            if response.status >= 400 and response.request.resource_type != "document":
                wrong.append(f"{page.url} misses {response.url}")

        page.on("response", arrived)
        for address in addresses:
            response = page.goto(live_server.url + address)
            expected = 404 if address == MISSING else 200
            if response is None or response.status != expected:
                wrong.append(f"{address} answers {response and response.status}")
            wrong += [f"{address}: {one}" for one in faults(page, viewport, scheme)]
        return wrong

    return through


def faults(page: Page, viewport: dict[str, int], scheme: str) -> list[str]:
    found = []
    width = page.evaluate("() => document.documentElement.scrollWidth")
    if width > viewport["width"]:
        found.append(f"scrolls sideways, {width} px wide")
    if page.evaluate("() => document.querySelectorAll('h1').length") != 1:
        found.append("has not exactly one first heading")
    options = COLOURS_ALONE if scheme == "dark" else {}
    results: dict[str, Any] = Axe().run(page, options=options).response
    for violation in results["violations"]:
        if violation["impact"] in {"serious", "critical"}:
            where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            found.append(f"{violation['id']} ({violation['help']}): {where}")
    return found


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_a_visitors_pages(look: Callable[..., list[str]], content: None, viewport: dict[str, int], scheme: str) -> None:
    assert look(VISITOR, viewport, scheme, None) == []


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_a_learners_pages(
    look: Callable[..., list[str]], content: None, as_alice: Client, alice: User, viewport: dict[str, int], scheme: str
) -> None:
    pages = [*LEARNER, quiz_under_way(alice), finished_quiz(alice), graded(alice)]
    assert look(pages, viewport, scheme, as_alice) == []


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_the_pages_of_staff(
    look: Callable[..., list[str]], content: None, as_carol: Client, viewport: dict[str, int], scheme: str
) -> None:
    assert look(STAFF, viewport, scheme, as_carol) == []


def quiz_under_way(user: User) -> str:
    """A session with a question of every kind; its first page."""
    session = QuizSession.objects.create(user=user, started_at=timezone.now())
    kinds = {question.kind: question for question in Question.objects.published()}
    for position, question in enumerate(kinds.values(), 1):
        SessionItem.objects.create(
            session=session, position=position, question=question, question_version=question.version
        )
    return f"{session.get_absolute_url()}1/"


def finished_quiz(user: User) -> str:
    now = timezone.now()
    session = QuizSession.objects.create(user=user, started_at=now, finished_at=now)
    question = Question.objects.get(slug="rnn-weights-shared")
    SessionItem.objects.create(
        session=session,
        position=1,
        question=question,
        question_version=question.version,
        answer={"choice": "inputs"},
        committed_at=now,
        score=0.0,
    )
    return f"{session.get_absolute_url()}result/"


def graded(user: User) -> str:
    """A submission that the real grader refused and named."""
    lab = Lab.objects.get(slug="rnn-cell")
    source = lab.files.get(path="wrong/no_activation.py").text
    now = timezone.now()
    submission = Submission.objects.create(
        user=user, lab=lab, lab_version=lab.version, kind="submit", source=source, created_at=now
    )
    from codelabs.tasks import grade

    grade(submission.pk)
    return submission.get_absolute_url()
