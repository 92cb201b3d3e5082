"""Pictures and sounds of cards from Anki: in, shown to their owner alone, within limits, and out again."""

import datetime as dt
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from prepsite.lib import markdown, media
from quizzes import offline, own_cards, own_media
from quizzes.exchange.anki import shelf
from quizzes.exchange.anki.export import Wanted, export
from quizzes.exchange.spreadsheet import BadFile
from quizzes.media_names import names_in, renamed
from quizzes.models import AnkiNote, Card, Flashcard, MediaFile
from quizzes.own_cards import OwnCard
from quizzes.own_media import TooMuch
from tests import anki_engine
from tests.quizzes.anki_packages import UTC, counts, database, package, planned, png, taken, wav, with_media

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FILES = {"cell.png": png(1), "cell two.png": png(2), "gate.wav": wav(), "fake.png": SVG}


def by_anki(tmp_path: Path, form: str) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    anki_engine.run("make_media.py", tmp_path / "media.apkg", form, folder)
    return tmp_path / "media.apkg"


def back(user: User, path: Path) -> Path:
    export(user, UTC, dt.datetime.now(dt.UTC), Wanted("Unrolled", "https://prep.example.org"), path)
    return path


def address(data: bytes, extension: str = "png") -> str:
    return media.address(hashlib.sha256(data).hexdigest(), extension)


# In and out, by Anki's own engine


@pytest.mark.parametrize("form", ["new", "legacy"])
def test_pictures_and_sounds_of_anki_come_in_and_are_shown(alice: User, tmp_path: Path, form: str) -> None:
    made = taken(alice, by_anki(tmp_path, form))
    assert (made.new, len(made.media)) == (4, 3)
    assert [(one.place, one.why) for one in made.problems] == [
        ("file fake.png", "It is an SVG picture, which can carry scripts; a PNG of it can come in.")
    ]
    cards = {row.anki_card.note.guid: row for row in Flashcard.objects.filter(owner=alice)}
    assert f'<img alt="cell.png" src="{address(png(1))}">' in cards["media-0"].front_html
    assert f'<audio controls preload="metadata" src="{address(wav(), "wav")}"' in cards["media-0"].back_html
    assert address(png(2)) in cards["media-1"].front_html
    assert "(picture missing: fake.png)" in cards["media-2"].front_html
    assert "(picture missing: gone.png)(sound missing: gone.mp3)" in cards["media-3"].front_html
    assert {row.name: bytes(row.data) for row in MediaFile.objects.filter(owner=alice)} == {
        name: data for name, data in FILES.items() if name != "fake.png"
    }


@pytest.mark.parametrize("form", ["new", "legacy"])
def test_they_go_back_to_anki_under_their_names(alice: User, tmp_path: Path, form: str) -> None:
    first = by_anki(tmp_path, form)
    taken(alice, first)
    held = anki_engine.run("judge.py", back(alice, tmp_path / "back.apkg"))
    assert held["sound"], held["said"]
    assert held["media"] == ["cell two.png", "cell.png", "gate.wav"]
    assert sorted(held["missing_media"]) == ["fake.png", "gone.mp3", "gone.png"]
    into_its_own = anki_engine.run("judge.py", first, tmp_path / "back.apkg")
    assert into_its_own["media"] == sorted(FILES)  # nothing doubled under another name
    assert into_its_own["logs"][1]["duplicate"] == 4


def test_media_of_a_card_written_here_go_to_anki_too(alice: User, tmp_path: Path) -> None:
    taken(alice, by_anki(tmp_path, "new"))
    card = OwnCard(f"![a cell]({address(png(1))})", f"![its sound]({address(wav(), 'wav')})")
    row = own_cards.write(alice, card)
    now = dt.datetime.now(dt.UTC)
    export(alice, UTC, now, Wanted("Unrolled", "", unmet=True), tmp_path / "back.apkg")
    held = anki_engine.run("judge.py", tmp_path / "back.apkg")
    fields = next(one["fields"] for one in held["cards"] if one["guid"] == str(row.uuid))
    assert 'src="cell.png"' in fields["Front"]
    assert "[sound:gate.wav]" in fields["Back"]


def test_an_edit_of_one_side_leaves_the_picture_of_the_other_as_it_was(alice: User, tmp_path: Path) -> None:
    first = by_anki(tmp_path, "new")
    taken(alice, first)
    row = Flashcard.objects.get(owner=alice, anki_card__note__guid="media-0")
    own_cards.write(alice, OwnCard(row.front, "Edited", pile=row.pile), row=row)
    held = anki_engine.run("judge.py", first, back(alice, tmp_path / "back.apkg"))
    fields = next(one["fields"] for one in held["cards"] if one["guid"] == "media-0")
    assert fields == {"Front": 'Which cell?<br><img src="cell.png">', "Back": "<p>Edited</p>"}


# Again, and from several packages


def test_the_same_package_again_changes_nothing_even_without_its_media(alice: User, tmp_path: Path) -> None:
    taken(alice, with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1)}))
    again = taken(alice, with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1)}))
    assert (counts(again), again.media, again.does_something) == ((0, 0, 1, 0, 0), [], False)
    assert counts(planned(alice, with_media(tmp_path / "b.apkg", '<img src="x.png">', {}))) == (0, 0, 1, 0, 0)


def test_two_files_of_one_name_keep_apart_and_both_go_back(alice: User, tmp_path: Path) -> None:
    taken(alice, with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1)}, "a"))
    taken(alice, with_media(tmp_path / "b.apkg", "<img src='x.png'>", {"x.png": png(2)}, "b"))
    other = f"x-{hashlib.sha1(png(2), usedforsecurity=False).hexdigest()}.png"  # as Anki names it
    assert set(MediaFile.objects.values_list("name", flat=True)) == {"x.png", other}
    assert AnkiNote.objects.get(guid="b").fields[0] == f'<img src="{other}">'
    fronts = {row.anki_card.note.guid: row.front_html for row in Flashcard.objects.filter(owner=alice)}
    assert address(png(1)) in fronts["a"]
    assert address(png(2)) in fronts["b"]
    held = anki_engine.run("judge.py", back(alice, tmp_path / "back.apkg"))
    assert (held["media"], held["missing_media"]) == (sorted(["x.png", other]), [])
    assert counts(planned(alice, tmp_path / "b.apkg")) == (0, 0, 1, 0, 0)


def test_one_file_of_two_names_is_kept_once(alice: User, tmp_path: Path) -> None:
    field = '<img src="x.png"><img src="y.png">'
    taken(alice, with_media(tmp_path / "a.apkg", field, {"x.png": png(1), "y.png": png(1)}))
    assert MediaFile.objects.get().name == "x.png"
    assert AnkiNote.objects.get().fields[0] == '<img src="x.png"><img src="x.png">'
    assert Flashcard.objects.get(owner=alice).front_html.count(address(png(1))) == 2


def test_learners_keep_their_own(alice: User, bob: User, tmp_path: Path) -> None:
    for user in (alice, bob):
        taken(user, with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1)}))
    assert MediaFile.objects.count() == 2
    alice.delete()
    assert MediaFile.objects.get().owner == bob


# What may not come in


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(), media.PNG),
        (b"\xff\xd8\xff\xe0", media.JPEG),
        (b"GIF89a", media.GIF),
        (b"RIFF\0\0\0\0WEBPVP8 ", media.WEBP),
        (wav(), media.WAV),
        (b"ID3\x04", media.MP3),
        (b"\xff\xfb\x90\x64", media.MP3),
        (b"OggS\0\x02", media.OGG),
        (SVG, None),
        (b"<!doctype html><script>", None),
        (b"\xff\xfe<\0h\0t\0m\0l\0", None),  # a text in UTF-16
        (b"\xff\xff\xff\xff", None),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_what_a_file_is_its_first_bytes_say(data: bytes, kind: media.Kind | None) -> None:
    assert media.kind_of(data) is kind


@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.mp3"])
def test_a_script_under_any_name_is_left_out_and_named(alice: User, tmp_path: Path, name: str) -> None:
    made = taken(alice, with_media(tmp_path / "a.apkg", f'<img src="{name}">', {name: b"\n<SVG>" + SVG}))
    assert "SVG picture" in made.problems[0].why
    assert not MediaFile.objects.exists()


def test_names_with_paths_lead_nowhere_and_leave_as_plain_names(alice: User, tmp_path: Path) -> None:
    files = {"../../etc/x.png": png(1), "/tmp/y.png": png(2), "a\\b:c.png": png(3)}
    field = "".join(f'<img src="{name}">' for name in files)
    taken(alice, with_media(tmp_path / "a.apkg", field, files))
    assert sorted(MediaFile.objects.values_list("name", flat=True)) == ["_.._etc_x.png", "_tmp_y.png", "a_b_c.png"]
    held = anki_engine.run("judge.py", back(alice, tmp_path / "back.apkg"))
    assert (len(held["media"]), held["missing_media"]) == (3, [])


@pytest.mark.parametrize("compressed", [False, True])
def test_a_bomb_is_stopped_while_it_unpacks(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compressed: bool
) -> None:
    monkeypatch.setattr(shelf, "LARGEST_FILE_BYTES", 1_000_000)
    bomb = png() + bytes(50_000_000)
    path = with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": bomb})
    if compressed:
        rows = database(tmp_path / "rows", "UPDATE notes SET flds = '<img src=x.png>' || char(31) || 'back'")
        files = {"collection.anki21b": rows, "media": b"\x0a\x07\x0a\x05x.png", "0": bomb}
        path = package(path, {name: zstandard.compress(data) for name, data in files.items()})
    assert path.stat().st_size < 200_000
    made = taken(alice, path)
    assert [one.why for one in made.problems] == ["It is larger than 1 MB."]
    assert made.new == 1  # the card comes in without it
    assert max(one.stat().st_size for one in tmp_path.rglob("media-*")) <= 1_000_000


def test_all_files_of_a_package_together_have_a_limit(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "LARGEST_PACKAGE_BYTES", 1_000_000)
    files = {f"{number}.png": png(number) + bytes(400_000) for number in range(4)}
    field = "".join(f'<img src="{name}">' for name in files)
    made = taken(alice, with_media(tmp_path / "a.apkg", field, files))
    assert MediaFile.objects.count() == 2
    assert {one.why for one in made.problems} == {"The pictures and sounds of this package take more than 1 MB."}


def test_of_ten_thousand_files_only_those_that_cards_show_are_unpacked(alice: User, tmp_path: Path) -> None:
    files = {f"{number}.png": png(number % 256, 1 + number // 256) for number in range(10_000)}
    made = taken(alice, with_media(tmp_path / "a.apkg", '<img src="9999.png">', files))
    assert (made.new, made.problems) == (1, [])
    assert MediaFile.objects.get().name == "9999.png"


def test_a_package_shows_a_number_of_files_at_most(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    files = {f"{number}.png": png(number) for number in range(4)}
    made = taken(alice, with_media(tmp_path / "a.apkg", "".join(f'<img src="{name}">' for name in files), files))
    assert MediaFile.objects.count() == 2
    assert "more than 2 pictures and sounds" in made.problems[0].why


@pytest.mark.parametrize(
    "told",
    [b"[]", b"{", b"\xff", b'{"0": 5}', b'{"x": "x.png"}', b'{"0": "\\ud800.png"}', b"{}" + b" " * 6_000_000],
)
def test_a_list_of_media_that_is_none_does_no_harm(alice: User, tmp_path: Path, told: bytes) -> None:
    rows = database(tmp_path / "rows", "UPDATE notes SET flds = '<img src=x.png>' || char(31) || 'back'")
    path = package(tmp_path / "a.apkg", {"collection.anki2": rows, "media": told, "0": png()})
    try:
        assert taken(alice, path).new == 1
    except BadFile as error:
        assert "not an Anki package" in str(error)  # noqa: PT017 - either is right
    assert not MediaFile.objects.exists()


def test_a_learner_has_room_for_so_much_and_unused_files_make_way_first(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_media, "LARGEST_ALL_BYTES", 2 * len(png(1)))
    taken(alice, with_media(tmp_path / "a.apkg", '<img src="a.png">', {"a.png": png(1)}, "a"))
    taken(alice, with_media(tmp_path / "b.apkg", '<img src="b.png">', {"b.png": png(2)}, "b"))
    third = with_media(tmp_path / "c.apkg", '<img src="c.png">', {"c.png": png(3)}, "c")
    with pytest.raises(TooMuch, match="would take more than"):
        taken(alice, third)
    assert Flashcard.objects.filter(owner=alice).count() == 2  # all or nothing
    Card.objects.filter(flashcard__anki_card__note__guid="a").delete()
    Flashcard.objects.filter(owner=alice, anki_card__note__guid="a").delete()
    AnkiNote.objects.filter(guid="a").delete()
    taken(alice, third)
    assert set(MediaFile.objects.values_list("name", flat=True)) == {"b.png", "c.png"}


# Served


@pytest.fixture
def picture(alice: User, tmp_path: Path) -> str:
    taken(alice, with_media(tmp_path / "a.apkg", '<img src="x.png"> [sound:s.wav]', {"x.png": png(1), "s.wav": wav()}))
    return address(png(1))


def test_the_owner_gets_the_file_as_what_it_is(as_alice: Client, picture: str) -> None:
    response = as_alice.get(picture)
    assert (response.status_code, response.content) == (200, png(1))
    headers = response.headers
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == "inline"
    assert {"private", "immutable", "max-age=31536000"} == set(headers["Cache-Control"].split(", "))
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert as_alice.post(picture).status_code == 405


def test_nobody_else_gets_it(sign_in: Any, bob: User, picture: str) -> None:
    assert sign_in(bob).get(picture).status_code == 404
    assert Client().get(picture).status_code == 404


@pytest.mark.parametrize("name", ["0" * 64 + ".png", "x.png", "../x", "%2e%2e/x", "0" * 64 + ".svg", "0" * 64])
def test_what_is_not_there_is_not_found(as_alice: Client, picture: str, name: str) -> None:
    assert as_alice.get(f"/media/{name}").status_code == 404
    assert as_alice.get(picture.replace(".png", ".gif")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=0-99999999", 206, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=3-1", 416, slice(0, 0)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=" + "9" * 5000 + "-", 200, slice(None)),
    ],
)
def test_a_player_may_ask_for_a_part(as_alice: Client, picture: str, asked: str, status: int, told: slice) -> None:
    response = as_alice.get(address(wav(), "wav"), headers={"Range": asked})
    assert (response.status_code, response.content) == (status, wav()[told])


def test_every_page_of_the_card_shows_them(as_alice: Client, alice: User, picture: str) -> None:
    card = Flashcard.objects.get(owner=alice)
    for url in (reverse("quizzes:card", args=[card.uuid]), reverse("quizzes:review")):
        body = as_alice.get(url).content.decode()
        assert f'<img alt="x.png" src="{picture}">' in body
        assert f'src="{address(wav(), "wav")}" aria-label="s.wav"></audio>' in body
    table = as_alice.get(reverse("quizzes:cards")).content.decode()
    assert "(picture: x.png) (sound: s.wav)" in table
    assert picture not in table
    assert "<title>(picture: x.png) (sound: s.wav)" in as_alice.get(reverse("quizzes:card", args=[card.uuid])).text
    pack = json.loads(as_alice.get(reverse("quizzes:offline_cards")).content)
    assert any(picture in one["front"] for one in pack["cards"])


def test_the_page_of_what_comes_in_counts_them(as_alice: Client, alice: User, tmp_path: Path) -> None:
    path = with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1)})
    with path.open("rb") as file:
        page = as_alice.post(reverse("quizzes:bring"), {"file": file})
    assert "New pictures and sounds" in page.content.decode()
    assert "So far your pictures and sounds take 0 kB of 200 MB." in page.text
    done = as_alice.post(reverse("quizzes:take"), {"token": page.context["token"]})
    assert done.status_code == 200
    assert as_alice.get(address(png(1))).status_code == 200


# Names and addresses in texts


def test_only_addresses_of_media_and_static_files_survive_the_renderer() -> None:
    sound, picture = address(wav(), "wav"), address(png())
    shown = markdown.render(f'![a "b" > c]({sound}) ![x]({picture})').html
    assert f'<audio controls preload="metadata" src="{sound}" aria-label="a &quot;b&quot;' in shown
    assert f'src="{picture}"' in shown
    for bad in ("/media/../admin/", "/media/x.png", f"{picture}?x", f"https://example.org{picture}", picture + "/.."):
        assert "src" not in markdown.render(f'<img src="{bad}" alt="x">').html
    assert "onerror" not in markdown.render(f'<img src="{sound}" alt="x" onerror="alert(1)">').html
    assert "<audio" not in markdown.render(f'<audio src="{sound}" autoplay></audio>').html
    assert markdown.without_media(shown) == '<p>(sound: a "b" &gt; c) (picture: x)</p>'.replace('"', "&quot;")


def test_names_are_found_and_changed_however_they_are_written() -> None:
    field = '<img src=a.png><IMG class=x SRC=\'b c.png\'><img alt="x" src="d%20e.png">[sound:f&amp;g.mp3]<b src=no>'
    assert {"a.png", "b c.png", "d e.png", "f&g.mp3"} < names_in(field)
    assert "no" not in names_in(field)
    changed = renamed(field, {"a.png": 'A".png', "d e.png": "D.png", "f&g.mp3": "F.mp3", "b c.png": "b c.png"})
    assert changed == (
        '<img src="A&quot;.png"><IMG class=x SRC=\'b c.png\'><img alt="x" src="D.png">[sound:F.mp3]<b src=no>'
    )


def test_the_package_lists_what_it_holds(alice: User, tmp_path: Path) -> None:
    taken(alice, with_media(tmp_path / "a.apkg", '<img src="x.png">', {"x.png": png(1), "unused.png": png(2)}))
    with zipfile.ZipFile(back(alice, tmp_path / "back.apkg")) as archive:
        assert json.loads(archive.read("media")) == {"0": "x.png"}
        assert archive.read("0") == png(1)


def test_a_device_takes_along_what_it_has_room_for_in_one_query(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    files = {f"{number}.png": png(number) for number in range(3)}
    taken(alice, with_media(tmp_path / "a.apkg", "".join(f'<img src="{name}">' for name in files), files))
    monkeypatch.setattr(offline, "MOST_MEDIA_BYTES", 2 * len(png(1)) + 10)
    taking = offline.cards_to_take(alice, dt.datetime.now(dt.UTC), UTC)
    with django_assert_num_queries(1):
        assert offline.media_to_take(alice, taking) == [address(png(0)), address(png(1))]
    with django_assert_num_queries(0):
        assert offline.media_to_take(alice, []) == []
