"""There and back: what Anki's own engine makes of its own notes when they return from here."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from prepsite.accounts.models import User
from quizzes import own_cards
from quizzes.exchange.anki.export import Wanted, export
from quizzes.models import AnkiNote, Flashcard
from quizzes.own_cards import OwnCard
from tests import anki_engine
from tests.quizzes.anki_packages import UTC, database, package, taken
from tests.quizzes.histories import rate

pytestmark = pytest.mark.django_db
SITE = Wanted("Unrolled", "https://prep.example.org")


def back(user: User, path: Path) -> Path:
    export(user, UTC, dt.datetime.now(dt.UTC), SITE, path)
    return path


def review_some(user: User) -> None:
    now = dt.datetime.now(dt.UTC)
    for front in ("Why **gates**?", "cell", "memory"):
        rate(user, Flashcard.objects.get(front=front, owner=user), 3, now - dt.timedelta(minutes=5), UTC)


def edit(user: User, front: str, card: OwnCard) -> None:
    """As the form does, with the pile as it was."""
    row = Flashcard.objects.get(front=front, owner=user)
    own_cards.write(user, dataclasses.replace(card, pile=row.pile), row=row)


def shown(held: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a collection shows of each card, wherever it got it from."""
    names = ("guid", "ord", "kind", "fields", "tags", "question", "answer", "deck")
    return sorted(tuple(str(card[name]) for name in names) for card in held["cards"])


@pytest.mark.parametrize("form", ["new", "legacy"])
def test_ankis_own_notes_return_to_their_own_notes(alice: User, tmp_path: Path, form: str) -> None:
    first = tmp_path / "own.apkg"
    told = anki_engine.run("make.py", first, form)
    taken(alice, first)
    review_some(alice)
    before = anki_engine.run("judge.py", first)
    held = anki_engine.run("judge.py", first, back(alice, tmp_path / "back.apkg"))
    assert held["sound"], held["said"]
    assert (held["notes"], len(held["cards"])) == (told["notes"], told["cards"])
    assert held["logs"][1]["new"] == held["logs"][1]["conflicting"] == held["logs"][1]["updated"] == 0
    assert shown(held) == shown(before)


def test_another_collection_gets_them_as_they_were_with_all_of_their_history(alice: User, tmp_path: Path) -> None:
    first = tmp_path / "own.apkg"
    told = anki_engine.run("make.py", first, "new")
    taken(alice, first)
    review_some(alice)
    before, held = (anki_engine.run("judge.py", path) for path in (first, back(alice, tmp_path / "back.apkg")))
    assert held["sound"], held["said"]
    assert held["notes"] == told["notes"]
    assert shown(held) == shown(before)
    assert len(held["reviews"]) == told["reviews"] + 3
    assert {row["id"] for row in before["reviews"]} < {row["id"] for row in held["reviews"]}
    by = {(card["guid"], card["ord"]): card for card in held["cards"]}
    assert [by["note-1", order]["reps"] for order in (0, 1)] == [2, 1]  # both directions keep a memory of their own


def test_anki_takes_ratings_only_along_with_cards_that_it_does_not_have(alice: User, tmp_path: Path) -> None:
    """What docs/reviewing.md says of Anki: it is so with its own packages, and not a fault of ours."""
    first, later = tmp_path / "own.apkg", tmp_path / "later.apkg"
    anki_engine.run("make.py", first, "new")
    taken(alice, first)
    review_some(alice)
    anki_engine.run("make.py", later, "new", "Edited in Anki", "more")
    before, by_anki, by_us = (
        {row["id"] for row in anki_engine.run("judge.py", first, *more)["reviews"]}
        for more in ([], [later], [back(alice, tmp_path / "back.apkg")])
    )
    assert {row["id"] for row in anki_engine.run("judge.py", later)["reviews"]} - before
    assert before == by_anki == by_us


def test_what_was_edited_here_updates_ankis_note(alice: User, tmp_path: Path) -> None:
    first = tmp_path / "own.apkg"
    anki_engine.run("make.py", first, "new")
    taken(alice, first)
    edit(alice, "Why **gates**?", OwnCard("Why *gates* at all?", "They keep the gradient: $a < b$"))
    edit(alice, "memory", OwnCard("memory of the cell", "cell"))
    held = anki_engine.run("judge.py", first, back(alice, tmp_path / "back.apkg"))
    assert held["sound"], held["said"]
    assert (held["logs"][1]["new"], held["logs"][1]["conflicting"], held["logs"][1]["updated"]) == (0, 0, 2)
    fields = {card["guid"]: card["fields"] for card in held["cards"]}
    assert fields["note-0"] == {
        "Front": "<p>Why <em>gates</em> at all?</p>",
        "Back": "They keep the gradient: \\(a &lt; b\\)",
    }
    assert fields["note-1"] == {"Front": "cell", "Back": "<p>memory of the cell</p>"}


def test_an_edit_that_no_single_field_can_hold_stays_here(alice: User, tmp_path: Path) -> None:
    first = tmp_path / "own.apkg"
    anki_engine.run("make.py", first, "new")
    taken(alice, first)
    gap = Flashcard.objects.get(front__startswith="The candidate uses {{tanh}}")
    edit(alice, gap.front, OwnCard("The candidate uses {{the tanh}}.", gap.back, "cloze"))
    held = anki_engine.run("judge.py", first, back(alice, tmp_path / "back.apkg"))
    assert (held["logs"][1]["new"], held["logs"][1]["updated"], held["logs"][1]["duplicate"]) == (0, 0, 5)


def test_an_edit_of_a_whole_cloze_text_does_not_take_ankis_gaps_away(alice: User, tmp_path: Path) -> None:
    """Two gaps of one number come in as a question; where Anki's answer is the text alone, it must stay as it is."""
    first = tmp_path / "own.apkg"
    statement = (
        "UPDATE notes SET flds = '{{c1::a}} and {{c1::b}}'; UPDATE col SET models = json_set(models, '$.1.type', 1, "
        "'$.1.tmpls[0].qfmt', '{{cloze:F}}', '$.1.tmpls[0].afmt', '{{cloze:F}}', '$.1.tmpls[0].name', 'Cloze')"
    )
    package(first, {"collection.anki2": database(tmp_path / "rows", statement), "media": b"{}"})
    taken(alice, first)
    row = Flashcard.objects.get(owner=alice)
    edit(alice, row.front, OwnCard(row.front, "Edited"))
    held = anki_engine.run("judge.py", back(alice, tmp_path / "back.apkg"))
    assert [card["fields"]["F"] for card in held["cards"]] == ["{{c1::a}} and {{c1::b}}"]


def test_a_card_that_another_learner_wrote_comes_in_as_ones_own_and_goes_on(
    alice: User, bob: User, tmp_path: Path
) -> None:
    written = own_cards.write(bob, OwnCard("Bob's", "Back"))
    rate(bob, written, 3, dt.datetime.now(dt.UTC) - dt.timedelta(days=1), UTC)
    made = taken(alice, back(bob, tmp_path / "bob.apkg"))
    assert (made.new, made.ratings, made.problems) == (1, 1, [])
    own_cards.write(alice, OwnCard("Hers", "Back"))
    export(alice, UTC, dt.datetime.now(dt.UTC), dataclasses.replace(SITE, unmet=True), tmp_path / "alice.apkg")
    held = anki_engine.run("judge.py", tmp_path / "bob.apkg", tmp_path / "alice.apkg")
    assert held["sound"], held["said"]
    assert sorted(card["fields"]["Front"] for card in held["cards"]) == ["<p>Bob's</p>", "<p>Hers</p>"]
    assert {card["kind"] for card in held["cards"]} == {"Unrolled: two-sided"}


def test_the_newer_text_wins_and_an_older_package_takes_nothing_back(alice: User, tmp_path: Path) -> None:
    first, later = tmp_path / "own.apkg", tmp_path / "later.apkg"
    anki_engine.run("make.py", first, "new")
    taken(alice, first)
    edit(alice, "Why **gates**?", OwnCard("Edited here", "Back"))
    assert taken(alice, first).changed == 0
    returned = taken(alice, back(alice, tmp_path / "back.apkg"))
    assert (returned.new, returned.changed, returned.ratings, returned.problems) == (0, 0, 0, [])
    anki_engine.run("make.py", later, "new", "Edited in Anki")  # a minute from now
    assert taken(alice, later).changed == 1
    assert taken(alice, first).changed == 0
    assert not Flashcard.objects.filter(front="Edited here").exists()
    assert Flashcard.objects.get(front="Edited in Anki").cards.get().reps >= 2


def test_cards_from_before_notes_were_kept_get_theirs_from_the_same_package(alice: User, tmp_path: Path) -> None:
    first = tmp_path / "own.apkg"
    told = anki_engine.run("make.py", first, "new")
    taken(alice, first)
    AnkiNote.objects.all().delete()
    again = taken(alice, first)
    assert (again.new, again.changed, again.kept, again.does_something) == (0, 0, told["cards"], True)
    assert not taken(alice, first).does_something
    assert AnkiNote.objects.filter(owner=alice).count() == told["notes"]


def test_every_copy_of_a_note_is_its_owners_alone(alice: User, bob: User, tmp_path: Path) -> None:
    first = tmp_path / "own.apkg"
    anki_engine.run("make.py", first, "new")
    taken(alice, first)
    taken(bob, first)
    edit(alice, "Why **gates**?", OwnCard("Only hers", "Back"))
    held = anki_engine.run("judge.py", first, back(bob, tmp_path / "bob.apkg"))
    assert (held["logs"][1]["new"], held["logs"][1]["updated"]) == (0, 0)
    alice.delete()
    assert set(AnkiNote.objects.values_list("owner", flat=True)) == {bob.pk}


def test_going_back_costs_a_constant_number_of_queries(
    alice: User, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    anki_engine.run("make.py", tmp_path / "own.apkg", "new")
    taken(alice, tmp_path / "own.apkg")
    review_some(alice)
    with django_assert_num_queries(12):
        back(alice, tmp_path / "back.apkg")
