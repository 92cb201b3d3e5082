"""Cards and reviews by CSV and JSON: looked at first, taken in once, every problem named with its row."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prepsite.accounts.models import User
from quizzes.exchange import carrying_out, incoming, spreadsheet
from quizzes.exchange.carrying_out import carry_out
from quizzes.exchange.incoming import Plan
from quizzes.exchange.spreadsheet import BadFile
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import StudyClock
from tests.quizzes.factories import make_flashcard
from tests.quizzes.histories import rate, undo

pytestmark = pytest.mark.django_db
BERLIN = StudyClock("Europe/Berlin", 4)
NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
CARDS = '''id,kind,pile,front,back
a1,basic,LSTM,What is $\\vec{c}_t$?,The cell state.
a2,cloze,LSTM,The gate uses {{sigmoid}}.,
,,,"Without an id, kind or pile","Several
lines and a ""quote"""
'''


def planned(user: User, text: str, name: str = "cards.csv", now: dt.datetime = NOW) -> Plan:
    return incoming.plan(user, *spreadsheet.read(name, text.encode()), now)


def taken(user: User, text: str, name: str = "cards.csv") -> Plan:
    made = planned(user, text, name)
    carry_out(user, made, NOW, BERLIN)
    return made


def counts(made: Plan) -> tuple[int, int, int, int, int]:
    return made.new, made.changed, made.unchanged, made.ratings, len(made.problems)


def proven() -> None:
    call_command("replay", check=True, stdout=io.StringIO())


def test_cards_come_in_as_the_learners_own(alice: User) -> None:
    assert counts(taken(alice, CARDS)) == (3, 0, 0, 0, 0)
    cards = {card.front: card for card in Flashcard.objects.filter(owner=alice)}
    assert cards["The gate uses {{sigmoid}}."].kind == "cloze"
    assert "<math" in cards["What is $\\vec{c}_t$?"].front_html
    assert cards["Without an id, kind or pile"].back == 'Several\nlines and a "quote"'
    assert {card.pile for card in cards.values()} == {"LSTM", ""}


def test_looking_changes_nothing(alice: User) -> None:
    assert counts(planned(alice, CARDS)) == (3, 0, 0, 0, 0)
    assert not Flashcard.objects.exists()


def test_the_same_file_again_changes_nothing_and_a_changed_row_changes_its_card_alone(alice: User) -> None:
    taken(alice, CARDS)
    rate(alice, Flashcard.objects.get(back="The cell state."), 3, NOW, BERLIN)
    assert counts(taken(alice, CARDS)) == (0, 0, 3, 0, 0)
    assert counts(taken(alice, CARDS.replace("The cell state", "The state of the cell"))) == (0, 1, 2, 0, 0)
    assert Flashcard.objects.count() == 3
    changed = Flashcard.objects.get(back="The state of the cell.")
    assert changed.version == 2
    assert changed.cards.get().reps == 1


def test_what_went_out_comes_in_unchanged(alice: User) -> None:
    taken(alice, CARDS)
    rate(alice, make_flashcard(), 3, NOW, BERLIN)
    text = "".join(spreadsheet.as_csv(spreadsheet.CARD_COLUMNS + spreadsheet.SEEN_COLUMNS, spreadsheet.cards(alice)))
    assert text.startswith("\ufeffid,kind,pile,front,back,topic,state")
    assert counts(planned(alice, text)) == (0, 0, 4, 0, 0)
    told = "".join(spreadsheet.as_json(alice))
    assert len(json.loads(told)["cards"]) == 4
    assert counts(planned(alice, told, "cards.json")) == (0, 0, 4, 0, 0)


def test_reviews_go_out_and_come_in_for_somebody_else(alice: User, bob: User) -> None:
    card = make_flashcard()
    for number, rating in ((-20, 3), (-19, 3), (-5, 1), (-5, 3)):
        rate(alice, card, rating, NOW + dt.timedelta(days=number), BERLIN, duration_ms=900)
    rate(alice, card, 1, NOW, BERLIN)
    undo(alice, NOW, BERLIN)
    text = "".join(spreadsheet.as_csv(spreadsheet.REVIEW_COLUMNS, spreadsheet.reviews(alice)))
    assert len(list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))) == 4
    assert counts(planned(alice, text, "reviews.csv")) == (0, 0, 1, 0, 0)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    without_ids = "\n".join(["card,at,rating", *(f"{row['card']},{row['at']},{row['rating']}" for row in rows)])
    made = planned(bob, without_ids, "reviews.csv")
    carry_out(bob, made, NOW, BERLIN)
    assert counts(made) == (0, 0, 1, 4, 0)
    assert Card.objects.get(user=bob).reps == 4
    assert Card.objects.get(user=bob).lapses == Card.objects.get(user=alice).lapses == 1
    proven()


def test_a_review_that_is_here_under_another_id_is_known_by_its_time(alice: User) -> None:
    card = make_flashcard()
    rate(alice, card, 3, NOW - dt.timedelta(days=3), BERLIN)
    text = f"card,at,rating\n{card.uuid},{(NOW - dt.timedelta(days=3)).isoformat()},3\n"
    assert counts(planned(alice, text, "reviews.csv")) == (0, 0, 1, 0, 0)


def test_ten_thousand_reviews_of_one_card_come_in_and_the_log_holds(alice: User) -> None:
    card = make_flashcard()
    start = NOW - dt.timedelta(days=900)
    rows = [
        f"{card.uuid},{(start + dt.timedelta(hours=2 * number)).isoformat()},{1 + number % 4}"
        for number in range(10_000)
    ]
    made = taken(alice, "\n".join(["card,at,rating", *rows]), "reviews.csv")
    assert counts(made) == (0, 0, 1, 10_000, 0)
    assert Card.objects.get().reps == Review.objects.count() == 10_000
    assert counts(planned(alice, "\n".join(["card,at,rating", *rows]), "reviews.csv")) == (0, 0, 1, 0, 0)
    proven()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a,basic,,,back", "Write something on the front."),
        ("a,basic,,front,", "Write something on the back."),
        ("a,cloze,,no gap,", "exactly one gap"),
        ("a,essay,,front,back", "neither basic nor cloze"),
        ("a,basic,,front", "5 cells"),
        ("a,basic,,front,back,more", "5 cells"),
        (f"a,basic,,front,{'x' * 10_001}", "at most 10,000 characters"),
        ("good,basic,,again,again", "stands in row 2 already"),
    ],
)
def test_every_problem_names_its_row_and_the_rest_comes_in(alice: User, row: str, why: str) -> None:
    made = taken(alice, f"id,kind,pile,front,back\ngood,basic,,front,back\n{row}\n")
    assert counts(made)[0] == 1
    [problem] = made.problems
    assert problem.place == "row 3"
    assert why in problem.why


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("CARD,2026-03-01T12:00:00Z,5", "not 1, 2, 3 or 4"),
        ("CARD,yesterday,3", "not an instant"),
        ("CARD,2026-03-01T12:00:00,3", "not an instant with a time zone"),
        ("CARD,2027-03-01T12:00:00Z,3", "lies in the future"),
        ("61558577-e76b-4364-af66-2dd23d62fa20,2026-03-01T12:00:00Z,3", "no such card"),
    ],
)
def test_reviews_that_cannot_be_are_named(alice: User, row: str, why: str) -> None:
    card = make_flashcard()
    made = taken(alice, f"card,at,rating\n{row.replace('CARD', str(card.uuid))}\n", "reviews.csv")
    assert why in made.problems[0].why
    assert not Review.objects.exists()


def test_problems_stand_in_the_order_of_their_rows(alice: User) -> None:
    made = planned(alice, "id,kind,front,back\na,basic,,b\nb,essay,f,b\nc,basic,,b\n")
    assert [problem.place for problem in made.problems] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.csv", b"\xff\xfe\x00", "not UTF-8"),
        ("a.csv", b"one,two\n1,2\n", "neither a column"),
        ("a.csv", b"", "neither a column"),
        ("a.csv", b'front,back\n"open,x\n', "cannot be read as CSV"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.json", b'{"format": "other", "cards": []}', "not JSON of the form"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(name: str, data: bytes, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        spreadsheet.read(name, data)


def test_a_file_of_the_site_cannot_change_the_sites_cards_nor_anybody_elses(alice: User, bob: User) -> None:
    site = make_flashcard()
    taken(bob, "id,front,back\nmine,of Bob,secret\n")
    of_bob = Flashcard.objects.get(owner=bob)
    text = f"id,front,back\n{site.uuid},other,other\n{of_bob.uuid},taken,over\nmine,of Alice,hers\n"
    made = taken(alice, text)
    assert counts(made) == (2, 0, 0, 0, 1)
    assert "belongs to the site" in made.problems[0].why
    of_bob.refresh_from_db()
    assert (of_bob.front, of_bob.owner) == ("of Bob", bob)
    site.refresh_from_db()
    assert site.front == "What recurs?"


def test_scripts_in_a_text_do_not_reach_a_page(alice: User) -> None:
    taken(alice, 'id,front,back\nx,"<script>alert(1)</script>Hello","<img src=x onerror=alert(1)>[x](javascript:y)"\n')
    card = Flashcard.objects.get(owner=alice)
    assert "script" not in card.front_html
    assert "onerror" not in card.back_html
    assert "javascript" not in card.back_html


def test_planning_costs_queries_by_the_hundred_and_not_by_the_card(alice: User, django_assert_num_queries: Any) -> None:
    rows = "\n".join(f"c{number},front {number},back" for number in range(400))
    with django_assert_num_queries(2):
        assert planned(alice, f"id,front,back\n{rows}\n").new == 400


def send(client: Client, text: str, name: str = "cards.csv") -> Any:
    return client.post(reverse("quizzes:bring"), {"file": SimpleUploadedFile(name, text.encode())})


def test_a_file_is_looked_at_and_then_taken_in(as_alice: Client, alice: User) -> None:
    looked = send(as_alice, CARDS)
    page = looked.content.decode()
    assert "Nothing has changed yet" in page
    assert not Flashcard.objects.exists()
    done = as_alice.post(reverse("quizzes:take"), {"token": looked.context["token"]})
    assert "Your cards are in" in done.content.decode()
    assert Flashcard.objects.filter(owner=alice).count() == 3
    again = as_alice.post(reverse("quizzes:take"), {"token": looked.context["token"]})
    assert again.status_code == 400
    assert "Choose it again" in again.content.decode()
    assert "There is nothing to do" in send(as_alice, CARDS).content.decode()


@pytest.mark.parametrize("met", [True, False])
def test_a_card_that_is_reviewed_at_the_same_moment_refuses_the_whole_file(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch, met: bool
) -> None:
    card = make_flashcard()
    if met:
        rate(alice, card, 3, NOW - dt.timedelta(days=30), BERLIN)
    before = Review.objects.count()
    looked = send(as_alice, f"card,at,rating\n{card.uuid},2026-03-01T12:00:00Z,3\n", "reviews.csv")
    name = "relive" if met else "lived"
    settled = getattr(carrying_out, name)

    def overtaken(*told: Any) -> Any:
        if met:
            Card.objects.update(version=7)
        else:
            Card.objects.create(user=alice, flashcard=card, due=NOW)
        return settled(*told)

    monkeypatch.setattr(carrying_out, name, overtaken)
    done = as_alice.post(reverse("quizzes:take"), {"token": looked.context["token"]})
    assert done.status_code == 400
    assert "Nothing was changed" in done.content.decode()
    assert Review.objects.count() == before


def test_many_cards_are_written_in_a_few_statements(alice: User, django_assert_max_num_queries: Any) -> None:
    rows = [f"c{number},basic,,Front {number},Back" for number in range(300)]
    made = planned(alice, "id,kind,pile,front,back\n" + "\n".join(rows))
    with django_assert_max_num_queries(12):
        carry_out(alice, made, NOW, BERLIN)
    assert Flashcard.objects.filter(owner=alice, version=1, updated_at__isnull=False).count() == 300


def test_nobody_takes_in_what_another_looked_at(as_alice: Client, as_bob: Client) -> None:
    token = send(as_alice, CARDS).context["token"]
    assert as_bob.post(reverse("quizzes:take"), {"token": token}).status_code == 400
    assert not Flashcard.objects.exists()


def test_the_page_refuses_gets_strangers_and_other_files(as_alice: Client, client: Client) -> None:
    for name in ("quizzes:bring", "quizzes:take"):
        assert as_alice.get(reverse(name)).status_code == 405
        assert client.post(reverse(name)).status_code == 302
    assert send(as_alice, "x", "cards.exe").status_code == 400
    assert "Choose a file first" in as_alice.post(reverse("quizzes:bring"), {}).content.decode()


@pytest.mark.parametrize("name", ["cards.csv", "reviews.csv", "cards.json"])
def test_tables_go_out(as_alice: Client, alice: User, client: Client, name: str) -> None:
    rate(alice, make_flashcard(), 3, timezone.now(), BERLIN)
    url = reverse("quizzes:table_out", args=[name])
    response = as_alice.get(url)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(response.streaming_content).count(b"\n") >= 2
    assert client.get(url).status_code == 302
    assert as_alice.post(url).status_code == 405


def test_there_is_no_other_table(as_alice: Client) -> None:
    assert as_alice.get(reverse("quizzes:table_out", args=["passwords.csv"])).status_code == 404
