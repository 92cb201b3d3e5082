"""Make an Anki collection with pictures and sounds and export it, as a learner of Anki would.

usage: make_media.py PACKAGE new|legacy FOLDER   the files of FOLDER become its media, by their names

Notes: a picture with a sound behind it, a name with a space in it, an SVG picture named .png, one that is missing.
"""

import json
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ExportAnkiPackageOptions

NOTES = (
    ['Which cell?<br><img src="cell.png">', "Its sound: [sound:gate.wav]"],
    ['<img src="cell two.png">', "a name with a space"],
    ['<img src="fake.png">', "a drawing"],
    ['<img src="gone.png">[sound:gone.mp3]', "missing"],
)


def main(package: str, form: str, folder: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        collection = Collection(str(Path(place) / "collection.anki2"))
        for path in Path(folder).iterdir():
            collection.media.write_data(path.name, path.read_bytes())
        for number, fields in enumerate(NOTES):
            note = collection.new_note(collection.models.by_name("Basic"))
            note.fields = list(fields)
            note.guid = f"media-{number}"
            collection.add_note(note, collection.decks.id("Pictures"))
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=False, with_media=True, legacy=form == "legacy"
        )
        collection.export_anki_package(out_path=package, options=options, limit=None)
        print(json.dumps({"notes": collection.note_count()}))
        collection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
