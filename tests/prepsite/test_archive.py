"""A learner's archive: nothing lost on the way out and in again, nothing doubled, nothing of anybody else."""

import base64
import datetime as dt
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from codelabs.models import Draft, Lab, Reveal, Submission
from prepsite.accounts.models import User
from quizzes import own_cards
from quizzes.card_marks import Mark, mark
from quizzes.exchange import learner
from quizzes.exchange.anki import originals
from quizzes.exchange.anki.notetype import NoteType, Original
from quizzes.models import (
    Break,
    Card,
    ErrorReport,
    Fit,
    Flashcard,
    MediaFile,
    Plan,
    QuizSession,
    Reading,
    Review,
    SessionItem,
)
from quizzes.reviewing import redo
from quizzes.scheduling import StudyClock
from tests.conftest import PASSWORD
from tests.quizzes.anki_packages import png
from tests.quizzes.factories import make_flashcard, make_question
from tests.quizzes.histories import rate, undo

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=dt.UTC)
BERLIN = StudyClock("Europe/Berlin", 4)
URL = "/account/in-and-out/"


def live(user: User) -> None:
    """A little of everything, with an undo, across a daylight-saving change."""
    lab = Lab.objects.get_or_create(slug="lstm-step", defaults={"number": 28, "title": "LSTM", "topic": "recurrent"})[0]
    flashcards = [
        Flashcard.objects.filter(slug=slug).first() or make_flashcard(slug, question=make_question("single", slug))
        for slug in ("gates", "cells")
    ]
    for number, rating in enumerate((3, 3, 1, 3, 3, 4)):
        rate(user, flashcards[0], rating, NOON + dt.timedelta(days=6 * number), BERLIN, duration_ms=900)
    rate(user, flashcards[1], 2, NOON + dt.timedelta(days=30), BERLIN)
    undo(user, NOON + dt.timedelta(days=30, minutes=1), BERLIN)
    rate(user, flashcards[1], 4, NOON + dt.timedelta(days=30, minutes=2), BERLIN)
    session = QuizSession.objects.create(user=user, started_at=NOON, filters={"topics": ["x"], "number": 2})
    SessionItem.objects.create(
        session=session,
        position=1,
        question=flashcards[0].question,
        question_version=1,
        answer={"text": f"mine, {user.email}"},
        committed_at=NOON,
        score=0.1 + 0.2,
    )
    SessionItem.objects.create(
        session=session, position=2, question=flashcards[1].question, question_version=1, draft={"text": "half"}
    )
    set_up_reviewing(user, flashcards[0])
    Draft.objects.create(user=user, lab=lab, source="def lstm_step(): …\n", saved_at=NOON)
    Reveal.objects.create(user=user, lab=lab, revealed_at=NOON)
    diagnosis = {"says": "Missing <em>gate</em>", "misconception": "no-gate"}
    result = {"verdict": "failed", "diagnosis": diagnosis, "cases": [{"id": "a", "value": 1.5e-7}]}
    Submission.objects.create(
        user=user,
        lab=lab,
        lab_version=1,
        kind="submit",
        source="print('π')",
        created_at=NOON,
        verdict="failed",
        result=result,
        status="finished",
    )


def set_up_reviewing(user: User, flashcard: Flashcard) -> None:
    """Plan, break, report, note, flag, redo, and a card of one's own."""
    at = NOON + dt.timedelta(days=31)
    own = own_cards.write(user, own_cards.OwnCard("My $x$", "Mine", pile=user.email, topic=flashcard.topic))
    MediaFile.objects.create(
        owner=user,
        sha256=hashlib.sha256(png()).hexdigest(),
        name="cell.png",
        extension="png",
        size=len(png()),
        data=png(),
    )
    kind = NoteType(("Front", "Back"), (("{{Front}}", "{{Back}}"),), names=("Card 1",), name="Basic", number=1)
    originals.keep(user, [(own, Original(user.email, kind, ("My <i>x</i>", "Mine"), ("lstm",), 1_700_000_000, 0))])
    rate(user, own, 3, at, BERLIN)
    undo(user, at, BERLIN)
    redo(user, at, BERLIN, uuid.uuid4())
    mark(user, [flashcard], Mark.FLAG_BLUE, at, BERLIN, event_id=uuid.uuid4())
    own_cards.keep_note(Card.objects.get(user=user, flashcard=flashcard), "Think of *gates*.")
    Fit.objects.create(user=user, asked_at=at, state="kept", finding={"reviews": 500})
    Plan.objects.create(
        user=user, parameters=[0.2] * 21, parameters_for="fsrs-6", new_per_day=7, interview_on=dt.date(2026, 6, 1)
    )
    Reading.objects.create(
        user=user,
        study_day=at.date(),
        interview_date=dt.date(2026, 6, 1),
        cards=3,
        now=0.5,
        mean=0.7,
        low=0.6,
        high=0.8,
    )
    Break.objects.create(user=user, first_day=dt.date(2026, 5, 1), last_day=dt.date(2026, 5, 3))
    ErrorReport.objects.create(user=user, flashcard=flashcard, flashcard_version=1, text="A slip", created_at=at)


def archive_of(client: Client) -> bytes:
    response = client.get(reverse("accounts:export"))
    assert isinstance(response, FileResponse)
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


def contents(data: bytes) -> dict[str, list[Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: [json.loads(line) for line in archive.open(name)] for name in archive.namelist()}


def send(client: Client, data: bytes) -> Any:
    return client.post(URL, {"archive": SimpleUploadedFile("my-data.zip", data)})


def changed(data: bytes, change: Callable[[dict[str, list[Any]]], None]) -> bytes:
    told = contents(data)
    change(told)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in told.items():
            archive.writestr(name, "".join(json.dumps(row) + "\n" for row in rows))
    return out.getvalue()


@pytest.fixture
def archive(as_alice: Client, alice: User, bob: User) -> bytes:
    """Alice's, after Bob lived here too."""
    live(alice)
    live(bob)
    return archive_of(as_alice)


@pytest.fixture
def elsewhere(archive: bytes, alice: User) -> User:
    """A fresh account on a site that has the content and knows nothing of Alice."""
    alice.delete()
    return User.objects.create_user("alice@elsewhere.example", PASSWORD)


def test_an_archive_says_what_it_is_and_holds_nothing_of_another(archive: bytes, alice: User, bob: User) -> None:
    told = contents(archive)
    [manifest] = told["manifest.json"]
    assert manifest["format"] == "prepsite learner data 2"
    assert manifest["rows"] == {name.removesuffix(".jsonl"): len(told[name]) for name in told if name.endswith("jsonl")}
    assert told["profile.json"][0]["email"] == alice.email
    assert bob.email not in str(told)
    assert {row["uuid"] for row in told["quizzes/cards.jsonl"]} == {
        str(card.uuid) for card in Card.objects.for_user(alice)
    }


def test_nothing_is_lost_on_the_way_to_another_site(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(elsewhere)
    page = send(client, archive)
    assert page.status_code == 200, page.context["form"].errors
    before, after = contents(archive), contents(archive_of(client))
    assert before.keys() == after.keys()
    for name in before.keys() - {"manifest.json", "profile.json"}:
        assert after[name] == before[name], name
        assert after[name], name
    assert after["manifest.json"][0]["rows"] == before["manifest.json"][0]["rows"]
    assert after["profile.json"][0]["zone"] == "Europe/Berlin"
    call_command("replay", check=True, stdout=io.StringIO())


def test_the_same_archive_again_changes_nothing(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(elsewhere)
    send(client, archive)
    first = contents(archive_of(client))
    page = send(client, archive).content.decode()
    assert contents(archive_of(client))["quizzes/reviews.jsonl"] == first["quizzes/reviews.jsonl"]
    assert "could not live here" not in page


def test_taking_in_ones_own_archive_where_it_came_from_changes_nothing(archive: bytes, as_alice: Client) -> None:
    assert send(as_alice, archive).status_code == 200
    assert contents(archive_of(as_alice)) | {"manifest.json": []} == contents(archive) | {"manifest.json": []}


def test_a_review_can_go_on_after_the_move(archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]) -> None:
    send(sign_in(elsewhere), archive)
    elsewhere.refresh_from_db()
    assert elsewhere.zone == "Europe/Berlin"
    rate(elsewhere, Flashcard.objects.get(slug="gates"), 3, NOON + dt.timedelta(days=90), BERLIN)
    call_command("replay", check=True, stdout=io.StringIO())


def test_what_the_learner_has_here_already_stays(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    mine = rate(elsewhere, Flashcard.objects.get(slug="gates"), 1, NOON, BERLIN)
    page = send(sign_in(elsewhere), archive).content.decode()
    assert "you have your own of them here already" in page
    assert list(Review.objects.filter(user=elsewhere, card__flashcard__slug="gates")) == [mine]
    assert Review.objects.filter(user=elsewhere, card__flashcard__slug="cells").count() == 3
    call_command("replay", check=True, stdout=io.StringIO())


def test_content_that_this_site_lacks_is_named_and_the_rest_comes_in(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    def rename(told: dict[str, list[Any]]) -> None:
        told["quizzes/cards.jsonl"][0]["flashcard"] = str(uuid.uuid4())

    page = send(sign_in(elsewhere), changed(archive, rename)).content.decode()
    assert "there is no flashcard" in page
    assert Card.objects.filter(user=elsewhere).count() == 2
    assert Review.objects.filter(user=elsewhere).count() == 6
    call_command("replay", check=True, stdout=io.StringIO())


def test_another_accounts_archive_is_refused_on_the_site_it_lives_on(archive: bytes, as_bob: Client, bob: User) -> None:
    before = Review.objects.filter(user=bob).count()
    page = send(as_bob, archive)
    assert page.status_code == 400
    assert "belongs to another account on this site" in page.content.decode()
    assert Review.objects.filter(user=bob).count() == before


def forge_state(told: dict[str, list[Any]]) -> None:
    told["quizzes/cards.jsonl"][0]["stability"] = 9999.0


def forge_log(told: dict[str, list[Any]]) -> None:
    told["quizzes/reviews.jsonl"][1]["rating"] = 4


def lose_a_review(told: dict[str, list[Any]]) -> None:
    del told["quizzes/reviews.jsonl"][2]


def break_settings(told: dict[str, list[Any]]) -> None:
    told["quizzes/reviews.jsonl"][0]["settings"] = {}


def break_zone(told: dict[str, list[Any]]) -> None:
    told["quizzes/reviews.jsonl"][0]["zone"] = "Mars/Olympus"


def double_a_version(told: dict[str, list[Any]]) -> None:
    told["quizzes/reviews.jsonl"][1]["card_version"] = 0


def break_a_row(told: dict[str, list[Any]]) -> None:
    told["quizzes/reviews.jsonl"][0]["at"] = "yesterday"


@pytest.mark.parametrize(
    "forge", [forge_state, forge_log, lose_a_review, break_settings, break_zone, double_a_version, break_a_row]
)
def test_a_log_that_was_changed_on_the_way_is_refused_whole(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client], forge: Callable[..., None]
) -> None:
    page = send(sign_in(elsewhere), changed(archive, forge))
    assert page.status_code == 400
    assert "Nothing was changed" in page.content.decode()
    for model in (Card, Review, QuizSession, Submission, Draft):
        assert not model._default_manager.filter(user=elsewhere).exists()


def other_format(told: dict[str, list[Any]]) -> None:
    told["manifest.json"][0]["format"] = "prepsite learner data 9"


def no_manifest(told: dict[str, list[Any]]) -> None:
    del told["manifest.json"]


def lists_for_rows(told: dict[str, list[Any]]) -> None:
    told["quizzes/cards.jsonl"] = [[1]]


@pytest.mark.parametrize("spoil", [other_format, no_manifest, lists_for_rows])
def test_another_file_is_refused_with_a_sentence(archive: bytes, as_bob: Client, spoil: Callable[..., None]) -> None:
    page = send(as_bob, changed(archive, spoil))
    assert page.status_code == 400
    assert "Nothing was changed" in page.content.decode()


@pytest.mark.parametrize("data", [b"no zip", b"", b"PK\x03\x04cut off"])
def test_what_is_no_archive_is_refused_with_a_sentence(as_alice: Client, data: bytes) -> None:
    page = send(as_alice, data)
    assert page.status_code == 400
    assert "Nothing was changed" in page.content.decode()


def test_a_bomb_is_refused_before_it_is_unpacked(as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prepsite.accounts.restoring.LARGEST_BYTES", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("quizzes/cards.jsonl", b"\n" * 2_000_000)
    assert len(out.getvalue()) < 10_000
    assert "larger than" in send(as_alice, out.getvalue()).content.decode()


def test_a_script_in_a_diagnosis_does_not_reach_a_page(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    def poison(told: dict[str, list[Any]]) -> None:
        told["codelabs/submissions.jsonl"][0]["result"]["diagnosis"]["says"] = "<script>alert(1)</script>Gate"

    send(sign_in(elsewhere), changed(archive, poison))
    assert Submission.objects.get(user=elsewhere).result["diagnosis"]["says"] == "Gate"


def test_every_table_that_knows_a_learner_travels() -> None:
    """A new table with a learner in it has to be added to the TABLES of its app's exchange, or named here."""
    from codelabs import exchange

    travelling = {table.model for table in (*learner.TABLES, *exchange.TABLES)}
    not_the_learners_own = {"LogEntry", "EmailAddress"}
    missing = {
        relation.related_model.__name__
        for relation in User._meta.related_objects
        if relation.related_model not in travelling
    }
    assert missing == not_the_learners_own


def test_every_column_travels_but_those_that_are_computed_again() -> None:
    from codelabs import exchange

    for table in (*learner.TABLES, *exchange.TABLES):
        related = {one.name for one in table.model._meta.concrete_fields if one.is_relation}
        assert related - {table.owner} - table.left_out == set(table.links), table.name


def test_the_page_refuses_strangers_and_empty_forms(as_alice: Client, client: Client) -> None:
    assert client.get(URL).status_code == 302
    assert as_alice.post(URL, {}).status_code == 400
    assert "Choose a file first" in as_alice.post(URL, {}).content.decode()
    assert as_alice.get(URL).status_code == 200


def test_leaving_costs_queries_by_the_table_and_not_by_the_row(
    archive: bytes, as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        rate(alice, make_flashcard(f"more-{number}"), 3, NOON, BERLIN)
    with django_assert_num_queries(19):  # seventeen tables, the session and the user
        archive_of(as_alice)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("anki_note_types", {"definition": {"fields": ["Front"]}}),
        ("anki_note_types", {"number": 2}),
        ("anki_notes", {"fields": [["a"]]}),
        ("anki_notes", {"tags": {"a": 1}}),
    ],
)
def test_what_is_no_note_of_anki_is_left_out_and_said(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client], name: str, wrong: dict[str, Any]
) -> None:
    client = sign_in(elsewhere)
    page = send(client, changed(archive, lambda told: told[f"quizzes/{name}.jsonl"][0].update(wrong)))
    assert page.status_code == 200
    assert any(problem.startswith(f"{name}, row 1: ") for problem in page.context["report"].problems)
    assert client.get(reverse("quizzes:anki_out")).status_code == 200


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def test_what_travels_as_a_picture_and_is_none_is_left_out_and_said(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    wrong = base64.b64encode(SVG).decode()
    page = send(
        sign_in(elsewhere), changed(archive, lambda told: told["quizzes/media.jsonl"][0].update({"data": wrong}))
    )
    assert "is none of PNG" in page.context["report"].problems[0]
    page = send(
        sign_in(elsewhere), changed(archive, lambda told: told["quizzes/media.jsonl"][0].update({"data": "%%%"}))
    )
    assert page.status_code == 200
    assert not MediaFile.objects.filter(owner=elsewhere).exists()


def test_of_a_file_that_travels_only_the_content_is_believed(
    archive: bytes, elsewhere: User, sign_in: Callable[[User], Client]
) -> None:
    lies = {"sha256": "0" * 64, "extension": "mp3", "size": 1}
    send(sign_in(elsewhere), changed(archive, lambda told: told["quizzes/media.jsonl"][0].update(lies)))
    row = MediaFile.objects.get(owner=elsewhere)
    assert (row.sha256, row.extension, row.size) == (hashlib.sha256(png()).hexdigest(), "png", len(png()))
