"""Anki's packages come in: made by Anki's own engine where that is the point, and by hand where they are hostile."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from django.core.management import call_command

from prepsite.accounts.models import User
from prepsite.lib import zips
from quizzes.exchange.anki import reading
from quizzes.exchange.anki.export import Wanted, export
from quizzes.exchange.anki.htmltext import markdown
from quizzes.exchange.carrying_out import carry_out
from quizzes.exchange.spreadsheet import BadFile
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import StudyClock
from tests import anki_engine
from tests.quizzes.anki_packages import counts, database, package, planned, taken
from tests.quizzes.factories import make_flashcard
from tests.quizzes.histories import rate

pytestmark = pytest.mark.django_db
UTC = StudyClock("UTC", 4)


def proven() -> None:
    call_command("replay", check=True, stdout=io.StringIO())


@pytest.mark.parametrize("form", ["new", "legacy", "collection"])
def test_a_package_of_anki_comes_in_with_its_history(alice: User, tmp_path: Path, form: str) -> None:
    package = tmp_path / ("own.colpkg" if form == "collection" else "own.apkg")
    told = anki_engine.run("make.py", package, form)
    made = taken(alice, package)
    assert counts(made) == (told["cards"], 0, 0, told["reviews"], 0)
    cards = {card.front: card for card in Flashcard.objects.filter(owner=alice)}
    gates = cards["Why **gates**?"]
    assert gates.pile == "Sequences::Recurrent"
    assert gates.back == "They keep the gradient: $a < b$"
    assert "<math" in gates.back_html
    assert {"cell", "memory"} <= set(cards)  # both directions of one note
    gap = cards["The candidate uses {{tanh}}, gates the logistic function."]
    assert gap.kind == "cloze"
    assert "$$" in gap.back
    assert gates.cards.get().reps == 2
    assert gates.cards.get().state == "review"
    assert Card.objects.filter(user=alice, suspended=True).count() == 1
    proven()


def test_a_second_package_updates_by_stable_ids_and_doubles_nothing(alice: User, tmp_path: Path) -> None:
    package = tmp_path / "own.apkg"
    anki_engine.run("make.py", package, "new")
    first = taken(alice, package)
    assert counts(taken(alice, package)) == (0, 0, first.new, 0, 0)
    anki_engine.run("make.py", tmp_path / "later.apkg", "new", "Why gates at all?")
    later = planned(alice, tmp_path / "later.apkg")
    assert (later.new, later.changed, later.unchanged) == (0, 1, first.new - 1)
    carry_out(alice, later, dt.datetime.now(dt.UTC), UTC)
    assert Flashcard.objects.filter(owner=alice).count() == first.new
    assert Flashcard.objects.get(front="Why gates at all?").cards.get().reps >= 2
    proven()


def test_scripts_of_a_package_do_not_reach_a_page(alice: User, tmp_path: Path) -> None:
    package = tmp_path / "own.apkg"
    anki_engine.run("make.py", package, "new")
    taken(alice, package)
    shown = " ".join(card.front_html + card.back_html for card in Flashcard.objects.filter(owner=alice))
    assert "Hostile" in shown
    for bad in ("<script", "onerror", "javascript:"):
        assert bad not in shown


def test_our_own_package_comes_back_as_nothing_new(alice: User, tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    for number in (-9, -8, -1):
        rate(alice, make_flashcard(f"card{number}"), 3, now + dt.timedelta(days=number), UTC)
    export(alice, UTC, now, Wanted("Unrolled", ""), tmp_path / "deck.apkg")
    assert counts(planned(alice, tmp_path / "deck.apkg")) == (0, 0, 3, 0, 0)


def test_two_learners_can_bring_the_same_deck(alice: User, bob: User, tmp_path: Path) -> None:
    package = tmp_path / "own.apkg"
    anki_engine.run("make.py", package, "new")
    assert counts(taken(alice, package)) == counts(taken(bob, package))
    assert Review.objects.filter(user=bob).exists()
    proven()


# By hand


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    def make(*statements: str, **files: bytes) -> Path:
        (tmp_path / "rows").unlink(missing_ok=True)
        data = database(tmp_path / "rows", *statements)
        return package(tmp_path / "hostile.apkg", {"collection.anki2": data, "media": b"{}"} | files)

    return make


def test_the_package_by_hand_is_sound(alice: User, pack: Callable[..., Path]) -> None:
    assert counts(taken(alice, pack())) == (1, 0, 0, 1, 0)


def test_paths_in_an_archive_lead_nowhere(alice: User, tmp_path: Path, pack: Callable[..., Path]) -> None:
    bad = {"../../escaped": b"x", "/tmp/escaped-too": b"x"}
    assert counts(taken(alice, pack(**bad))) == (1, 0, 0, 1, 0)
    assert not list(tmp_path.rglob("escaped*"))


def test_a_bomb_is_stopped_while_it_unpacks(alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_DATABASE_BYTES", 2_000_000)
    bomb = bytes(20_000_000)
    for name, data in (("collection.anki21", bomb), ("collection.anki21b", zstandard.compress(bomb))):
        path = package(tmp_path / "bomb.apkg", {name: data})
        assert path.stat().st_size < 100_000
        with pytest.raises(BadFile, match="larger than 2 MB"):
            planned(alice, path)
    assert sum(path.stat().st_size for path in tmp_path.rglob("collection*")) < 4_000_000


def test_an_endless_list_of_files_is_refused_before_it_is_read(
    alice: User, pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(**{str(number): b"" for number in range(5000)})
    assert counts(planned(alice, path)) == (1, 0, 0, 1, 0)
    monkeypatch.setattr(zips, "LARGEST_LIST_BYTES", 100_000)
    with pytest.raises(BadFile, match="lists more files"):
        planned(alice, path)
    monkeypatch.undo()
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    path.write_bytes(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:])  # the form for more than 4 GB
    with pytest.raises(BadFile, match="lists more files"):
        planned(alice, path)


@pytest.mark.parametrize(
    "files",
    [
        {"collection.anki2": b""},
        {"collection.anki2": b"not a database" * 100},
        {"collection.anki21b": b"not zstd"},
        {"collection.anki21b": zstandard.compress(b"SQLite format 3\0" + bytes(5000))},
        {"readme.txt": b"hello"},
    ],
)
def test_a_broken_package_is_refused_with_a_sentence(alice: User, tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(BadFile, match="not an Anki package"):
        planned(alice, package(tmp_path / "broken.apkg", files))


def test_what_is_no_archive_is_refused_with_a_sentence(alice: User, tmp_path: Path) -> None:
    path = tmp_path / "cut.apkg"
    path.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(BadFile, match="cut off"):
        planned(alice, path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE col SET models = '{'",
        "UPDATE col SET models = '[]'",
        "UPDATE col SET models = '{\"1\": {}}'",
        "UPDATE col SET models = ''",
        "DROP TABLE revlog",
        "ALTER TABLE cards DROP COLUMN ord",
        "UPDATE cards SET ord = 'x'",
        "UPDATE notes SET flds = x'00ff'",
        "UPDATE revlog SET id = 9e18",
        "UPDATE revlog SET time = 'x'",
    ],
)
def test_a_database_that_is_not_ankis_is_refused_with_a_sentence(
    alice: User, pack: Callable[..., Path], statement: str
) -> None:
    with pytest.raises(BadFile, match="not an Anki package"):
        planned(alice, pack(statement))


def test_a_view_that_never_ends_is_stopped(
    alice: User, pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = """
        ALTER TABLE notes RENAME TO kept; CREATE TABLE notes (id, guid, mid, flds AS (id));
        DROP TABLE notes; CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
        SELECT x AS id, 'g' AS guid, 1 AS mid, '' AS flds FROM n;"""
    with pytest.raises(BadFile, match="lacks what Anki keeps"):
        planned(alice, pack(endless))
    # What is left is a query that is slow by the sheer number of rows: it is interrupted.
    monkeypatch.setattr(reading, "MOST_STEPS", 0)
    many = "WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 190000) "
    with pytest.raises(BadFile, match="takes longer than it may"):
        planned(alice, pack(many + "INSERT INTO revlog SELECT x, 1, 0, 3, 5, 0, 224, 900, 0 FROM n"))


def test_too_many_cards_are_refused_with_a_way_out(
    alice: User, pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_CARDS", 0)
    with pytest.raises(BadFile, match="Export it deck by deck"):
        planned(alice, pack())


def test_ten_thousand_reviews_of_one_card_come_in(alice: User, pack: Callable[..., Path]) -> None:
    many = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9999) "
        "INSERT INTO revlog SELECT 1700000000000 + x * 3600000, 1, 0, 1 + x % 4, 5, 0, 224, 900, 1 FROM n"
    )
    assert taken(alice, pack(many)).ratings == 10_000
    assert Card.objects.get().reps == 10_000
    proven()


def test_reviews_that_are_none_are_left_out(alice: User, pack: Callable[..., Path]) -> None:
    odd = (
        "INSERT INTO revlog VALUES (1700000001000,1,0,0,5,0,224,900,4), (1700000002000,1,0,3,5,0,0,900,3), "
        "(1700000003000,1,0,9,5,0,224,900,1)"
    )
    assert taken(alice, pack(odd)).ratings == 1


def test_a_review_from_the_future_is_named(alice: User, pack: Callable[..., Path]) -> None:
    made = taken(alice, pack("UPDATE revlog SET id = 4000000000000"))
    assert "lies in the future" in made.problems[0].why
    assert not Review.objects.exists()


def test_a_note_that_only_looks_like_ours_comes_in_as_a_card(alice: User, pack: Callable[..., Path]) -> None:
    guid = "5f0c6f6e-3c1f-4f0e-9a43-0d6a2a0f3b11"
    assert counts(taken(alice, pack(f"UPDATE notes SET guid = '{guid}'"))) == (1, 0, 0, 1, 0)
    assert Flashcard.objects.get(owner=alice).front == "front"
    ours = make_flashcard("ours")
    made = taken(alice, pack(f"UPDATE notes SET guid = '{ours.uuid}'"))
    assert counts(made) == (0, 0, 1, 1, 0)
    assert Card.objects.get(flashcard=ours).reps == 1


def test_types_of_one_number_and_different_fields_go_back_as_two(
    alice: User, tmp_path: Path, pack: Callable[..., Path]
) -> None:
    taken(alice, pack())
    more = (
        "UPDATE notes SET guid = 'other', flds = 'a' || char(31) || 'b' || char(31) || 'c'; "
        'UPDATE col SET models = json_set(models, \'$.1.flds[2]\', json(\'{"name": "C", "ord": 2}\'))'
    )
    taken(alice, pack(more))
    export(alice, UTC, dt.datetime.now(dt.UTC), Wanted("Unrolled", ""), tmp_path / "back.apkg")
    held = anki_engine.run("judge.py", tmp_path / "back.apkg")
    assert held["sound"], held["said"]
    assert sorted(len(card["fields"]) for card in held["cards"]) == [2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET mod = 9223372036854775807",
        "UPDATE notes SET guid = printf('%0300d', 1)",
        "UPDATE notes SET guid = x'00'",
        "UPDATE cards SET ord = 40000",
        "UPDATE col SET models = json_set(models, '$.1.mod', 1e300)",
        "UPDATE col SET models = json_set(models, '$.1.css', printf('%0900000d', 1))",
        "UPDATE col SET models = replace(models, '{{F}}', '{{F}} \\ud800 \\u0000')",
    ],
)
def test_odd_values_of_a_note_neither_break_nor_fill_the_database(
    alice: User, pack: Callable[..., Path], statement: str
) -> None:
    path = pack(statement)
    try:
        taken(alice, path)
    except BadFile:
        return
    export(alice, UTC, dt.datetime.now(dt.UTC), Wanted("Unrolled", ""), path.with_name("back.apkg"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <b>bold </b>word", "a **bold** word"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("one<br>two", "one  \ntwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li></ol>", "1. a"),
        ("2 * 3 * 4 _x_ # $5", "2 \\* 3 \\* 4 \\_x\\_ \\# \\$5"),
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        ("\\(x_1 &lt; y\\) and [$]z[/$]", "$x_1 < y$ and $z$"),
        ("\\[x\\]", "$$\nx\n$$"),
        ("<code>a*b</code>", "`a*b`"),
        ("<pre>x = 1\ny</pre>", "```\nx = 1\ny\n```"),
        ("<a href='https://example.org/'>x</a><a href='javascript:y'>z</a>", "[x](https://example.org/)z"),
        ("<script>bad()</script>ok<style>p{}</style>", "ok"),
        ("<img src='cell.png'>", "(picture missing: cell.png)"),
        ("[sound:a.mp3]", "(sound missing: a.mp3)"),
        ("x<sub>1</sub>", "x<sub>1</sub>"),
        ("<b>never closed", "**never closed**"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
    ],
)
def test_fields_become_markdown(html: str, text: str) -> None:
    assert markdown(html) == text
