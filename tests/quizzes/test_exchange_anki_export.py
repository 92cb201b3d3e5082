"""The Anki package of a learner: what Anki's own engine makes of it."""

import datetime as dt
import io
import json
import re
import sqlite3
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from quizzes import own_cards
from quizzes.card_marks import Mark, mark
from quizzes.exchange.anki.export import Wanted, export
from quizzes.exchange.anki.fields import Writer
from quizzes.models import Card, Flashcard
from quizzes.scheduling import StudyClock
from tests import anki_engine
from tests.quizzes.factories import make_flashcard, make_question, make_topic
from tests.quizzes.histories import rate, undo

pytestmark = pytest.mark.django_db
UTC = StudyClock("UTC", 4)
SITE = Wanted("Unrolled", "https://prep.example.org")


def day(number: int, hour: int = 12) -> dt.datetime:
    """An hour of a day before or after today's, so that Anki, which reads the clock, sees the same today as we do."""
    today = dt.datetime.now(dt.UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=number)


@pytest.fixture
def deck() -> dict[str, Flashcard]:
    question = make_question("single", "rnn-weights-shared")
    figure = "See ![The cell](/static/figures/lstm-cell.svg) and [this](/topics/recurrent-networks/)."
    gap = r"The candidate is {{$\tanh(\frac{1}{\R})$|tanh}} of it."
    return {
        "learned": make_flashcard("learned", front=r"Why $\vec{c}_t < 1$?", back="The gate.", question=question),
        "lapsed": make_flashcard("lapsed", front="Lapsed", back=figure),
        "cloze": make_flashcard("cloze", kind="cloze", front=gap, back="The squashing function."),
        "step": make_flashcard("step", front="Step", topic=make_topic("gates")),
        "undone": make_flashcard("undone", front="Undone"),
        "suspended": make_flashcard("suspended", front="Suspended"),
        "unmet": make_flashcard("unmet", front="Unmet <b>bold</b>"),
    }


@pytest.fixture
def history(alice: User, deck: dict[str, Flashcard]) -> None:
    for number, rating in ((-40, 3), (-38, 3), (-27, 2), (-10, 4)):
        rate(alice, deck["learned"], rating, day(number), UTC)
    for number, rating in ((-30, 3), (-29, 3), (-20, 1), (-20, 3), (-18, 3)):
        rate(alice, deck["lapsed"], rating, day(number), UTC)
    rate(alice, deck["cloze"], 4, day(-3), UTC, duration_ms=4321)
    rate(alice, deck["step"], 3, day(-1, 23), UTC)
    rate(alice, deck["undone"], 3, day(-2), UTC)
    rate(alice, deck["undone"], 1, day(-1), UTC)
    undo(alice, day(-1), UTC)
    rate(alice, deck["suspended"], 4, day(-5), UTC)
    for what, slug in ((Mark.SUSPEND, "suspended"), (Mark.FLAG_GREEN, "learned"), (Mark.BURY, "lapsed")):
        mark(alice, [deck[slug]], what, day(0), UTC, event_id=uuid.uuid4())
    own_cards.keep_note(Card.objects.get(flashcard=deck["learned"]), "Think of the *gate*.")


def judged(user: User, path: Path, wanted: Wanted = SITE) -> dict[str, Any]:
    count = export(user, UTC, dt.datetime.now(dt.UTC), wanted, path)
    held: dict[str, Any] = anki_engine.run("judge.py", path)
    assert count == len(held["cards"])
    held["by"] = {card["guid"]: card for card in held["cards"]}
    return held


def test_anki_accepts_the_deck_and_agrees_on_every_state(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    held = judged(alice, tmp_path / "deck.apkg")
    assert held["sound"], held["said"]
    assert held["logs"][0]["new"] == Card.objects.count() == 6
    today = UTC.day(dt.datetime.now(dt.UTC))
    kinds = {"new": 0, "learning": 1, "review": 2, "relearning": 3}
    for card in Card.objects.select_related("flashcard"):
        theirs = held["by"][str(card.flashcard.uuid)]
        assert theirs["type"] == kinds[card.state]
        assert (theirs["reps"], theirs["lapses"]) == (card.reps, card.lapses)
        assert theirs["data"]["s"] == pytest.approx(card.stability, abs=1e-4)
        assert theirs["data"]["d"] == pytest.approx(card.difficulty, abs=1e-3)
        assert (theirs["queue"] == -1) == card.suspended
        assert (theirs["queue"] < -1) == (card.flashcard == deck["lapsed"])
        assert theirs["flags"] == card.flag
        if card.due_day:
            assert theirs["due"] - held["today"] == (card.due_day - today).days
            assert theirs["ivl"] == card.memory.interval_days
        else:
            assert theirs["due"] == int(card.due.timestamp())


def test_anki_computes_the_same_memory_from_the_log_alone(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    held = judged(alice, tmp_path / "deck.apkg")
    for card in Card.objects.select_related("flashcard"):
        stability, difficulty = held["by"][str(card.flashcard.uuid)]["computed"]
        assert stability == pytest.approx(card.stability, rel=1e-3), card.flashcard.slug
        assert difficulty == pytest.approx(card.difficulty, rel=1e-3), card.flashcard.slug


def test_the_log_holds_each_rating_that_stands_and_no_other(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    held = judged(alice, tmp_path / "deck.apkg")
    assert len(held["reviews"]) == 13
    of = {name: held["by"][str(flashcard.uuid)]["id"] for name, flashcard in deck.items() if name != "unmet"}
    lapsed = [row for row in held["reviews"] if row["cid"] == of["lapsed"]]
    assert [row["ease"] for row in lapsed] == [3, 3, 1, 3, 3]
    assert [row["type"] for row in lapsed] == [0, 0, 1, 2, 1]
    assert lapsed[2]["ivl"] == -600
    assert [row["lastIvl"] for row in lapsed[1:]] == [row["ivl"] for row in lapsed[:-1]]
    assert [row["ease"] for row in held["reviews"] if row["cid"] == of["undone"]] == [3]
    assert [row["time"] for row in held["reviews"] if row["cid"] == of["cloze"]] == [4321]
    times = [row["id"] for row in held["reviews"]]
    assert int(day(-40).timestamp() * 1000) in times


def test_texts_are_shown_as_anki_shows_them(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    held = judged(alice, tmp_path / "deck.apkg")
    learned = held["by"][str(deck["learned"].uuid)]
    assert r"\(\mathbf{c}_t &lt; 1\)" in learned["question"]
    assert "https://prep.example.org/questions/rnn-weights-shared/" in learned["answer"]
    assert learned["deck"] == "Unrolled::Recurrent networks"
    assert "Think of the <em>gate</em>." in learned["answer"]
    assert learned["tags"] == ["basic", "recurrent-networks"]
    cloze = held["by"][str(deck["cloze"].uuid)]
    assert "[...]" in cloze["question"]
    assert "tanh" not in re.sub(r'data-cloze="[^"]*"', "", cloze["question"])  # where Anki keeps what it reveals
    assert r"\(\tanh(\frac{1}{\mathbb{R} })\)" in cloze["answer"]
    assert "The squashing function." in cloze["answer"]
    assert held["media"] == ["static-figures-lstm-cell.svg"]
    assert held["missing_media"] == []
    assert 'src="static-figures-lstm-cell.svg"' in held["by"][str(deck["lapsed"].uuid)]["answer"]
    assert (
        'href="https://prep.example.org/topics/recurrent-networks/"' in held["by"][str(deck["lapsed"].uuid)]["answer"]
    )


def test_a_second_export_updates_texts_and_doubles_nothing(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    first, second = tmp_path / "first.apkg", tmp_path / "second.apkg"
    export(alice, UTC, now, SITE, first)
    Flashcard.objects.filter(slug="learned").update(front="Better", updated_at=now + dt.timedelta(minutes=1))
    export(alice, UTC, now, SITE, second)
    held = anki_engine.run("judge.py", first, second)
    assert held["sound"], held["said"]
    assert (held["logs"][1]["new"], held["logs"][1]["updated"], held["logs"][1]["duplicate"]) == (0, 1, 5)
    assert (len(held["cards"]), len(held["reviews"])) == (6, 13)
    assert sum("Better" in card["question"] for card in held["cards"]) == 1


def test_cards_not_met_yet_come_along_when_asked_for(alice: User, deck: dict[str, Flashcard], tmp_path: Path) -> None:
    held = judged(alice, tmp_path / "deck.apkg", Wanted("Unrolled", "", unmet=True))
    assert held["sound"], held["said"]
    assert len(held["cards"]) == len(deck)
    assert {card["type"] for card in held["cards"]} == {0}


def test_an_account_without_a_card_gives_an_empty_deck_that_anki_accepts(alice: User, tmp_path: Path) -> None:
    assert judged(alice, tmp_path / "deck.apkg")["sound"]


def test_nothing_of_another_learner_is_in_it(
    alice: User, bob: User, deck: dict[str, Flashcard], history: None, tmp_path: Path
) -> None:
    rate(bob, deck["unmet"], 3, day(-1), UTC)
    export(bob, UTC, dt.datetime.now(dt.UTC), SITE, tmp_path / "bob.apkg")
    with zipfile.ZipFile(tmp_path / "bob.apkg") as archive:
        archive.extract("collection.anki21", tmp_path)
    rows = sqlite3.connect(tmp_path / "collection.anki21")
    assert rows.execute("select guid from notes").fetchall() == [(str(deck["unmet"].uuid),)]
    assert rows.execute("select count(*) from revlog").fetchone() == (1,)
    assert list(json.loads(rows.execute("select decks from col").fetchone()[0])) != []


def test_exporting_costs_a_constant_number_of_queries(
    alice: User, deck: dict[str, Flashcard], history: None, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(10):
        export(alice, UTC, day(0), SITE, tmp_path / "deck.apkg")


def test_the_download_is_the_package(as_alice: Client, alice: User, deck: dict[str, Flashcard], history: None) -> None:
    response = as_alice.get(reverse("quizzes:anki_out"))
    assert re.fullmatch(r'attachment; filename="unrolled-[\d-]+\.apkg"', response.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert set(archive.namelist()) == {"meta", "media", "collection.anki21", "0"}
    assert as_alice.post(reverse("quizzes:anki_out")).status_code == 405
    assert Client().get(reverse("quizzes:anki_out")).status_code == 302


def test_a_gap_ends_where_anki_ends_it() -> None:
    assert Writer().cloze("It is {{a::b}}.") == "<p>It is {{c1::a:&#8203;:b}}.</p>"
