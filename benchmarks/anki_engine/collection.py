"""Runs inside Anki's own environment: the cost of a queue build and of an answer in a collection of 10,000 cards.

Prints one JSON object, medians of CPU times in milliseconds with their quartiles. Anki is AGPL; nothing of it is
imported by the site.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.decks import DeckId
from anki.scheduler.v3 import CardAnswer

CARDS, TIMES = 10_000, 60


def quartiles(taken: list[float]) -> list[float]:
    low, middle, high = statistics.quantiles(taken, n=4)
    return [low, middle, high]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "bench.anki2"))
        notetype: Any = collection.models.by_name("Basic")
        deck = collection.decks.id("bench")
        assert deck
        for number in range(CARDS):
            note = collection.new_note(notetype)
            note.fields = [f"Front {number}", f"Back {number}"]
            collection.add_note(note, deck)
        collection.set_config("fsrs", True)
        config = collection.decks.config_dict_for_deck_id(deck)
        config["rev"]["perDay"] = 9999
        collection.decks.update_config(config)
        collection.decks.select(deck)
        # Ten thousand reviews that are due today.
        collection.sched.set_due_date(collection.find_cards("deck:bench"), "0")
        built, answered = [], []
        for _ in range(TIMES):
            collection.decks.select(DeckId(1))  # another deck and back: what was built is thrown away
            collection.decks.select(deck)
            start = time.process_time()
            collection.sched.get_queued_cards()
            built.append(1000 * (time.process_time() - start))
        for _ in range(TIMES):
            queued = collection.sched.get_queued_cards().cards[0]
            card = collection.get_card(queued.card.id)
            card.start_timer()
            answer = collection.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.EASY)
            start = time.process_time()
            collection.sched.answer_card(answer)
            answered.append(1000 * (time.process_time() - start))
        collection.close()
    json.dump({"cards": CARDS, "queue": quartiles(built), "answer": quartiles(answered)}, sys.stdout)


if __name__ == "__main__":
    main()
