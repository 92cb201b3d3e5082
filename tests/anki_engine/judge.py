"""Import packages into a fresh Anki collection, one after the other, and print what Anki then holds as JSON.

usage: judge.py PACKAGE …
"""

import json
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

CARDS = "id, did, ord, type, queue, due, ivl, reps, lapses, flags, data, nid"
REVIEWS = "id, cid, ease, ivl, lastIvl, factor, time, type"


def main(packages: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        collection.set_config("fsrs", True)
        logs = [load(collection, package) for package in packages]
        said, sound = collection.fix_integrity()
        print(json.dumps({"logs": logs, "sound": sound, "said": said} | held(collection)))
        collection.close()


def load(collection: Collection, package: str) -> dict[str, int]:
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=False, merge_notetypes=False)
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options)).log
    names = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck", "empty_first_field")
    return {name: len(getattr(log, name)) for name in names}


def held(collection: Collection) -> dict[str, object]:
    decks = {str(deck.id): deck.name for deck in collection.decks.all_names_and_ids()}
    cards = rows(collection, CARDS, "cards")
    for card in cards:
        shown = collection.get_card(card["id"])
        card["guid"], card["deck"] = shown.note().guid, decks[str(card["did"])]
        card["kind"] = shown.note_type()["name"]
        card["tags"], card["fields"] = shown.note().tags, dict(shown.note().items())
        card["question"], card["answer"] = shown.question(), shown.answer()
        card["data"] = json.loads(card["data"] or "{}")
        memory = collection.compute_memory_state(card["id"])
        card["computed"] = [memory.stability, memory.difficulty]
    return {
        "cards": cards,
        "reviews": rows(collection, REVIEWS, "revlog"),
        "notes": collection.note_count(),
        "media": sorted(path.name for path in Path(collection.media.dir()).iterdir()),
        "missing_media": list(collection.media.check().missing),
        "today": collection.sched.today,
    }


def rows(collection: Collection, columns: str, table: str) -> list[dict[str, object]]:
    names = columns.split(", ")
    return [dict(zip(names, row, strict=True)) for row in collection.db.all(f"select {columns} from {table}")]


if __name__ == "__main__":
    main(sys.argv[1:])
