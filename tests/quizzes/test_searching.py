"""The search language: what it means, what it refuses, and that nothing breaks it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from prepsite.accounts.models import User
from quizzes.card_marks import Mark, mark
from quizzes.card_search import matching
from quizzes.models import Card, Concept
from quizzes.own_cards import OwnCard, write
from quizzes.reviewing import record_review, shown
from quizzes.scheduling import StudyClock
from quizzes.searching import FIELDS, NUMBERS, STATES, And, BadSearch, Field, Not, Or, Text, parse
from tests.quizzes.flashcards import make_flashcards, make_topic

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CLOCK = StudyClock("Europe/Berlin", 4)


class TestReading:
    def test_the_example_of_the_help_page(self) -> None:
        assert parse("topic:lstm level:advanced is:due lapses>3") == And(
            (
                Field("topic", ":", "lstm"),
                Field("level", ":", "advanced"),
                Field("is", ":", "due"),
                Field("lapses", ">", "3"),
            )
        )

    def test_or_binds_weaker_than_words_side_by_side_and_not_the_strongest(self) -> None:
        assert parse("a b or -c d") == Or((And((Text("a"), Text("b"))), And((Not(Text("c")), Text("d")))))
        assert parse("a and (b or not c)") == And((Text("a"), Or((Text("b"), Not(Text("c"))))))

    def test_phrases_and_escapes(self) -> None:
        assert parse(r'"forget gate" "say \"or\"" a\:b') == And((Text("forget gate"), Text('say "or"'), Text("a:b")))

    def test_a_minus_within_a_word_is_part_of_it(self) -> None:
        assert parse("sequence-to-sequence") == Text("sequence-to-sequence")

    def test_prop_is_another_way_to_write_a_number_and_due_counts_days_from_today(self) -> None:
        assert parse("prop:stability<10") == parse("stability<10") == Field("stability", "<", "10")
        assert parse("due:7") == Field("due", "<=", "7")
        assert parse("due<-1") == Field("due", "<", "-1")

    def test_nothing_finds_everything(self) -> None:
        assert parse("  ") == And(())

    @pytest.mark.parametrize(
        ("search", "position", "sentence"),
        [
            ("colour:red", 0, "There is no field “colour”"),
            ("a level:expert", 8, "takes basic, intermediate, advanced"),
            ("a (b", 2, "never closed"),
            ("a b)", 3, "closes nothing"),
            ('say "x', 4, "no partner"),
            ("a or", 4, "missing at the end"),
            ("or a", 0, "Something is missing before “or”"),
            ("lapses>many", 7, "compared with a number"),
            ("lapses>1.5", 7, "whole number"),
            ("topic<3", 5, "is no number"),
            ("topic: lstm", 7, "lacks its value"),
            ("is:", 3, "lacks its value"),
            ("rated:0", 6, "number of days"),
            ("rated:7:perfect", 8, "A rating is again, hard, good, easy"),
            ("prop:weight<3", 5, "takes lapses"),
            ("prop:stability", 5, "needs a comparison"),
            ("<3", 0, "missing before “<”"),
            ("a\\", 1, "cannot stand here"),
            ('""', 0, "stands nothing"),
            ("(" * 30 + "a" + ")" * 30, 21, "nested too deeply"),
            ("-" * 40 + "a", 21, "nested too deeply"),
            ("a " * 61, 120, "at most 60 terms"),
            ("a" * 501, 500, "at most 500 characters"),
            ("a\0b", 1, "consists of text"),
        ],
    )
    def test_what_cannot_be_read_is_told_with_its_position(self, search: str, position: int, sentence: str) -> None:
        with pytest.raises(BadSearch, match=sentence) as caught:
            parse(search)
        assert caught.value.position == position
        assert caught.value.message.endswith((".", "…"))

    @bounded(max_examples=400, deadline=None)
    @given(st.text(max_size=80) | st.text(alphabet='ab:<>=!()"\\- orntis37', max_size=60))
    def test_any_text_is_read_or_refused_with_a_position_within_it(self, search: str) -> None:
        refused = _refused(search)
        if refused is not None:
            assert 0 <= refused.position <= len(search)
            assert refused.before + refused.text[refused.position :] == search


def _refused(search: str) -> BadSearch | None:
    try:
        parse(search)
    except BadSearch as bad:
        return bad
    return None


def _trees() -> st.SearchStrategy[Any]:
    words = st.text(min_size=1, max_size=12).filter(lambda text: "\0" not in text)
    names, signs = st.sampled_from(["lapses", "reps", "due"]), st.sampled_from(["<", ">=", "=", "!="])
    numbers = st.builds(Field, names, signs, st.integers(-99, 99).map(str))
    states = st.builds(lambda state: Field("is", ":", state), st.sampled_from(sorted(STATES)))
    fields = st.builds(lambda name, value: Field(name, ":", value), st.sampled_from(["topic", "front", "pile"]), words)
    days = st.tuples(st.integers(1, 99), st.sampled_from(["", ":again", ":easy"]))
    rated = st.builds(lambda how: Field("rated", ":", f"{how[0]}{how[1]}"), days)
    leaves = st.builds(Text, words) | numbers | states | fields | rated

    def deeper(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, parts) | st.builds(And, several) | st.builds(Or, several)

    return st.recursive(leaves, deeper, max_leaves=8)


@bounded(max_examples=300, deadline=None)
@given(_trees())
def test_a_search_written_out_is_read_as_the_same_search(tree: Any) -> None:
    if len(str(tree)) <= 500:
        assert parse(str(tree)) == tree


FINDS = {
    "": "0 1 2 3 Mine",
    "topic:lstm": "3",
    "topic:bptt": "1",
    "concept:bptt": "1",
    "-concept:bptt": "0 2 3 Mine",
    "level:advanced": "3",
    "is:new": "2 3 Mine",
    "-is:new": "0 1",
    "is:relearning": "0",
    "is:due": "0",
    "is:suspended": "2",
    "-is:suspended is:new": "3 Mine",
    "is:own": "Mine",
    "pile:old": "Mine",
    "is:noted": "1",
    "note:100%": "1",
    "note:case_x": "1",
    "note:casexx": "",
    "flag:red": "1",
    "-flag:none": "1",
    "is:flagged": "1",
    "lapses>0": "0",
    "lapses<1": "1 2 3 Mine",
    "lapses!=1": "1 2 3 Mine",
    "reps=2": "0",
    "stability<1000": "0 1",
    "-stability<1000": "2 3 Mine",
    "due>3": "1",
    "-due>3": "0 2 3 Mine",
    "rated:1": "1",
    "rated:2": "0 1",
    "rated:2:again": "0",
    "-rated:2:again": "1 2 3 Mine",
    '"forget gate"': "3",
    "FORGET": "3",
    "back:front": "",
    "(is:new or lapses>0) -is:own": "0 2 3",
}


@pytest.mark.django_db
class TestFinding:
    @pytest.fixture(autouse=True)
    def shelf(self, alice: User, bob: User) -> None:
        first, second, third = make_flashcards(3)
        (other,) = make_flashcards(1, make_topic("lstm-networks"), level="advanced", back="The forget gate")
        concept = Concept.objects.create(slug="bptt", topic=first.topic, title="BPTT")
        second.concepts.add(concept)
        self.rate(alice, first, 4, NOON - 30 * DAY)
        self.rate(alice, first, 1, NOON - DAY)
        self.rate(alice, second, 4, NOON)
        mark(alice, [third], Mark.SUSPEND, NOON, CLOCK, event_id=uuid.uuid4())
        mark(alice, [second], Mark.FLAG_RED, NOON, CLOCK, event_id=uuid.uuid4())
        Card.objects.filter(flashcard=second).update(note="remember the 100% case_x")
        self.rate(bob, other, 1, NOON)
        write(alice, OwnCard("Mine alone", "Yes", pile="Old deck"))
        write(bob, OwnCard("Bob's alone", "Yes"))

    def rate(self, user: User, flashcard: Any, rating: int, at: dt.datetime) -> None:
        version = shown(user, flashcard, at).version
        record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=version)

    def test_what_searches_find(self, alice: User) -> None:
        def fronts(search: str) -> str:
            rows = matching(alice, parse(search), CLOCK.day(NOON))
            return " ".join(sorted(row.front.removeprefix("Front ").split(" ")[0] for row in rows))

        assert {search: fronts(search) for search in FINDS} == FINDS

    def test_nobody_finds_anothers_cards_memory_or_notes(self, bob: User) -> None:
        def fronts(search: str) -> list[str]:
            return [row.front for row in matching(bob, parse(search), CLOCK.day(NOON))]

        assert fronts("is:own") == ["Bob's alone"]
        assert fronts("is:noted") == fronts("is:suspended") == []
        assert fronts("-is:new") == ["Front 3"]

    def test_every_field_and_number_that_the_help_page_names_can_be_searched(self, alice: User) -> None:
        values = {"level": "basic", "kind": "basic", "is": "due", "flag": "red", "rated": "7", "prop": "reps<3"}
        for name in FIELDS:
            list(matching(alice, parse(f"{name}:{values.get(name, 'x')}"), CLOCK.day(NOON)))
        for name in NUMBERS:
            list(matching(alice, parse(f"{name}>=1"), CLOCK.day(NOON)))
        for state in STATES:
            list(matching(alice, parse(f"is:{state}"), CLOCK.day(NOON)))
