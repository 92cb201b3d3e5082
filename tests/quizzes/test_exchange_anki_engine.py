"""The judge itself: what it says of Anki's own package."""

from pathlib import Path

from tests import anki_engine


def test_ankis_engine_can_be_made_and_holds_what_it_exported_itself(tmp_path: Path) -> None:
    package = tmp_path / "own.apkg"
    made = anki_engine.run("make.py", package, "new")
    held = anki_engine.run("judge.py", package, package)
    assert held["sound"], held["said"]
    assert [log["new"] for log in held["logs"]] == [made["notes"], 0]
    assert len(held["cards"]) == made["cards"]
    assert len(held["reviews"]) == made["reviews"]
