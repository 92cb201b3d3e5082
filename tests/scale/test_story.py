"""The learner's story on the scaled set-up: web requests here, PostgreSQL and Redis beside, grading in a worker."""

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from codelabs.models import Submission
from codelabs.tasks import grade
from prepsite.accounts.models import User
from quizzes.models import Card, QuizSession, Review, SessionItem
from tests.conftest import PASSWORD
from tests.scale.conftest import eventually, start_worker, stop_worker

pytestmark = pytest.mark.django_db(transaction=True)
GRADING_SECONDS = 120
LAB: Path = settings.CONTENT_DIR / "labs/lstm-step"


@pytest.fixture
def content(transactional_db: None) -> None:
    call_command("loadcontent", verbosity=0)


def sign_up(client: Client) -> User:
    response = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert response.status_code == 302
    return User.objects.get(email="new@example.org")


def submit(client: Client, path: str) -> Submission:
    """Send a file of the LSTM lab and wait for the worker's verdict."""
    source = (LAB / path).read_text()
    response = client.post(reverse("codelabs:submit", args=["lstm-step"]), {"source": source, "kind": "submit"})
    assert response.status_code == 302, response.content.decode()
    return verdict_of(Submission.objects.latest("pk"))


def verdict_of(submission: Submission) -> Submission:
    def finished() -> bool:
        submission.refresh_from_db()
        return submission.status == Submission.Status.FINISHED

    eventually(finished, GRADING_SECONDS)
    return submission


def answer(client: Client, item: SessionItem) -> None:
    """Commit something, and tick a point where the learner marks their own answer."""
    where = [item.session.uuid, item.position]
    right = [choice.key for choice in item.question.choices.all() if choice.correct]
    given: dict[str, Any] = {"choice": right[:1], "choices": right, "text": "The weights are shared."}
    client.post(reverse("quizzes:commit", args=where), given)
    item.refresh_from_db()
    if item.awaits_ticks:
        points = [point.key for point in item.question.rubric.all()][:1]
        client.post(reverse("quizzes:tick", args=where), {"points": points})


def test_the_whole_story(client: Client, content: None, worker: Path) -> None:
    learner = sign_up(client)
    assert client.get(reverse("home")).status_code == 200

    # A quiz of five, answered to its end.
    client.post(
        reverse("quizzes:new"), {"number": "5", "kinds": ["single", "multiple", "open"], "session": str(uuid.uuid4())}
    )
    session = QuizSession.objects.get(user=learner)
    for item in session.items.select_related("session", "question"):
        answer(client, item)
    client.post(reverse("quizzes:finish", args=[session.uuid]))
    assert client.get(reverse("quizzes:result", args=[session.uuid])).status_code == 200
    session.refresh_from_db()
    assert session.finished_at is not None

    # Three reviews, the last of them taken back.
    for _ in range(3):
        rate(client)
    client.post(reverse("quizzes:undo"), {"event": str(uuid.uuid4())})
    assert Review.objects.ratings().count() == 3
    assert Review.objects.standing().count() == 2

    # The LSTM with two gates swapped is refused by name, and its card comes to the front; the right one passes.
    refused = submit(client, "wrong/gates_swapped.py")
    assert refused.verdict == "failed"
    assert refused.misconception
    assert "input gate" in client.get(refused.get_absolute_url()).content.decode().lower()
    eventually(lambda: Card.objects.for_user(learner).exclude(reason="").exists(), GRADING_SECONDS)
    passed = submit(client, "solution.py")
    assert (passed.verdict, passed.passed) == ("passed", passed.total)

    # Today shows it, and the download holds it.
    assert "LSTM" in client.get(reverse("home")).content.decode()
    response = client.get(reverse("accounts:export"))
    assert isinstance(response, FileResponse)
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[arg-type]
        assert len(archive.read("codelabs/submissions.jsonl").splitlines()) == 2
    assert "Traceback" not in worker.read_text()


def rate(client: Client) -> None:
    page = client.get(reverse("quizzes:review")).content.decode()
    form = re.search(r'method="post" action="(/review/[\w-]+/rate/)".*?name="version" value="(\d+)"', page, re.DOTALL)
    assert form is not None
    response = client.post(form[1], {"event": str(uuid.uuid4()), "version": form[2], "rating": "3"})
    assert response.status_code == 302


def test_a_submission_delivered_twice_is_graded_once(
    as_alice: Client, alice: User, content: None, worker: Path
) -> None:
    first = submit(as_alice, "solution.py")
    finished_at = first.finished_at
    for _ in range(3):
        grade.delay(first.pk)
    second = submit(as_alice, "solution.py")  # graded after those three, as the queue is one
    first.refresh_from_db()
    assert first.finished_at == finished_at
    assert second.verdict == "passed"
    assert "Traceback" not in worker.read_text()


def test_what_is_sent_while_no_worker_runs_waits_for_one(
    as_alice: Client, content: None, tmp_path: Path, django_db_setup: None
) -> None:
    source = (LAB / "solution.py").read_text()
    page = as_alice.post(
        reverse("codelabs:submit", args=["lstm-step"]), {"source": source, "kind": "submit"}, follow=True
    )
    assert page.status_code == 200
    waiting = Submission.objects.get()
    process = start_worker(tmp_path / "log", keep_queue=True)
    try:
        assert verdict_of(waiting).verdict == "passed"
    finally:
        stop_worker(process)


def test_one_card_rated_by_many_at_once_counts_one_rating(
    alice: User, content: None, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(alice).get(reverse("quizzes:review")).content.decode()
    action = re.search(r'method="post" action="(/review/[\w-]+/rate/)"', page)
    assert action is not None
    clients = [sign_in(alice) for _ in range(8)]

    def send(client: Client) -> int:
        try:
            return client.post(action[1], {"event": str(uuid.uuid4()), "version": "0", "rating": "3"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = sorted(pool.map(send, clients))
    assert statuses == [302] + [409] * 7
    assert Review.objects.count() == 1
    assert Card.objects.get().version == 1
