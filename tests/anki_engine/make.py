"""Make a small Anki collection with a history and export it, as a learner of Anki would.

usage: make.py PACKAGE new|legacy|collection [FRONT [MORE]]   FRONT replaces the first note's front, as after an edit
in Anki; with MORE its card has one more review

Notes: two-sided, both directions, a cloze of two gaps with mathematics, one with a picture, one with a script. The
first is reviewed twice on different days, the second once, the cloze's first gap is suspended.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from anki.collection import Collection, ExportAnkiPackageOptions

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
DAY_MS = 86_400_000
NOTES = (
    ("Basic", ["Why <b>gates</b>?", "They keep the gradient: \\(a &lt; b\\)"]),
    ("Basic (and reversed card)", ["cell", "memory"]),
    ("Cloze", ["The candidate uses {{c1::tanh}}, gates {{c2::the logistic function::which?}}.", "\\[\\tanh(x)\\]"]),
    ("Basic", ["A picture", '<img src="cell.png"> see it']),
    (
        "Basic",
        ['<script>alert(1)</script>Hostile<img src=x onerror="alert(1)">', '<a href="javascript:alert(1)">x</a>'],
    ),
)


def main(package: str, form: str, front: str = "", more: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        collection.set_config("fsrs", True)
        fill(collection, front)
        if more:
            card = collection.db.scalar("select min(id) from cards")
            review(collection, card, int(time.time() - 86_400) * 1000, 3, 40, 11, 1)
        export(collection, package, form)
        numbers = {"notes": collection.note_count(), "cards": collection.card_count(), "reviews": history(collection)}
        print(json.dumps(numbers))
        collection.close()


def fill(collection: Collection, front: str) -> None:
    collection.media.write_data("cell.png", PICTURE)
    deck = collection.decks.id("Sequences::Recurrent")
    now = int(time.time())
    for number, (kind, fields) in enumerate(NOTES):
        note = collection.new_note(collection.models.by_name(kind))
        for index, text in enumerate(fields):
            note.fields[index] = text
        note.guid = f"note-{number}"
        note.tags = ["lstm"]
        collection.add_note(note, deck)
        if number == 0 and front:
            note.fields[0] = front
            collection.update_note(note)
            collection.db.execute("update notes set mod = ? where id = ?", now + 60, note.id)
    cards = [card for (card,) in collection.db.all("select id from cards order by nid, ord")]
    start = (now - 10 * 86_400) * 1000
    review(collection, cards[0], start, 3, 2, 1, 0)
    review(collection, cards[0], start + 2 * DAY_MS, 3, 11, 2, 1)
    review(collection, cards[1], start + 5 * DAY_MS, 1, -600, 0, 0)
    state = json.dumps({"s": 10.9, "d": 2.11, "dr": 0.9, "lrt": start // 1000 + 2 * 86_400})
    due = collection.sched.today + 3
    collection.db.execute(
        "update cards set type=2, queue=2, ivl=11, due=?, reps=2, data=? where id=?", due, state, cards[0]
    )
    learning = json.dumps({"s": 0.212, "d": 6.4133, "dr": 0.9, "lrt": start // 1000 + 5 * 86_400})
    collection.db.execute(
        "update cards set type=1, queue=1, due=?, reps=1, left=1, data=? where id=?", now + 600, learning, cards[1]
    )
    collection.sched.suspend_cards([cards[3]])


def review(collection: Collection, card: int, at: int, ease: int, interval: int, last: int, kind: int) -> None:
    collection.db.execute(
        "insert into revlog values (?, ?, -1, ?, ?, ?, 224, 5000, ?)", at, card, ease, interval, last, kind
    )


def history(collection: Collection) -> int:
    return int(collection.db.scalar("select count() from revlog"))


def export(collection: Collection, package: str, form: str) -> None:
    if form == "collection":
        collection.export_collection_package(package, include_media=True, legacy=False)
        collection.reopen()
        return
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=False, with_media=True, legacy=form == "legacy"
    )
    collection.export_anki_package(out_path=package, options=options, limit=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
