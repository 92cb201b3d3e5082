"""manage.py replay: folding a history from a file, and checking stored cards against their logs."""

import datetime as dt
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from prepsite.accounts.models import User
from quizzes.models import Card, Review
from quizzes.reviewing import bring_forward, record_review, shown, undo
from quizzes.scheduling import StudyClock
from tests.quizzes.flashcards import make_flashcards

NOON = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
CLOCK = StudyClock("Europe/Berlin", 4)


def history(ratings: list[int], days: list[int], **fields: Any) -> dict[str, Any]:
    at, reviews = NOON, []
    for rating, elapsed in zip(ratings, days, strict=True):
        at += dt.timedelta(days=elapsed)
        reviews.append({"rating": rating, "at": at.isoformat().replace("+00:00", "Z")})
    return {
        "zone": "UTC",
        "day_start_hour": 4,
        "desired_retention": 0.9,
        "parameters": None,
        "learning_steps_minutes": [],
        "relearning_steps_minutes": [],
        "fuzz": False,
        "reviews": reviews,
    } | fields


@pytest.fixture
def replay(tmp_path: Path) -> Any:
    """Run the command on a history; give back its steps and what it said on standard error."""

    def run(data: Any) -> tuple[list[dict[str, Any]], str]:
        path, out, err = tmp_path / "history.json", io.StringIO(), io.StringIO()
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        call_command("replay", str(path), "--json", stdout=out, stderr=err)
        return json.loads(out.getvalue())["steps"], err.getvalue()

    return run


class TestFolding:
    def test_the_published_vector_holds(self, replay: Any) -> None:
        steps, said = replay(history([3] * 6, [0, 2, 11, 46, 163, 497]))
        assert [step["interval_days"] for step in steps] == [2, 11, 46, 163, 497, 1346]
        assert steps[-1]["stability"] == pytest.approx(1345.529, abs=5e-4)
        assert steps[-1]["difficulty"] == pytest.approx(2.0837, abs=5e-5)
        assert steps[0]["state"] == "review"
        assert steps[0]["due"] == "2024-01-03T04:00:00+00:00"
        assert said == ""

    def test_steps_are_minutes_and_have_no_days(self, replay: Any) -> None:
        steps, _ = replay(history([3], [0], learning_steps_minutes=[1, 10]))
        assert (steps[0]["state"], steps[0]["interval_days"]) == ("learning", 0)
        assert steps[0]["due"] == "2024-01-01T12:10:00+00:00"

    def test_two_reviews_across_the_start_of_a_study_day_have_a_day_between_them(self, replay: Any) -> None:
        reviews = [{"rating": 3, "at": "2024-01-01T23:50:00Z"}, {"rating": 3, "at": "2024-01-02T08:00:00Z"}]
        steps, _ = replay(history([], [], reviews=reviews))
        assert steps[1]["stability"] == pytest.approx(7.3153, abs=5e-5)

    def test_fuzz_is_the_same_on_every_run(self, replay: Any) -> None:
        data = history([3] * 5, [0, 2, 11, 46, 163], fuzz=True)
        assert replay(data) == replay(data)

    def test_a_clock_that_went_back_is_told_and_moves_no_due_date_back(self, replay: Any) -> None:
        steps, said = replay(history([3, 3], [0, -3]))
        assert steps[1]["due"] >= steps[0]["due"]
        assert "Review 2 is earlier than the one before" in said

    def test_a_review_from_the_future_is_told_and_folded(self, replay: Any) -> None:
        reviews = [{"rating": 3, "at": "2190-01-01T12:00:00Z"}]
        steps, said = replay(history([], [], reviews=reviews))
        assert len(steps) == 1
        assert "Review 1 lies in the future" in said

    def test_ten_thousand_reviews_of_one_card_are_folded(self, replay: Any) -> None:
        steps, _ = replay(history([3, 1] * 5000, [1] * 10_000))
        assert len(steps) == 10_000

    def test_an_empty_history_has_no_steps(self, replay: Any) -> None:
        assert replay(history([], []))[0] == []

    def test_a_table_is_printed_without_json(self, tmp_path: Path) -> None:
        path, out = tmp_path / "history.json", io.StringIO()
        path.write_text(json.dumps(history([3], [0])))
        call_command("replay", str(path), stdout=out)
        assert "2.3065" in out.getvalue()


class TestBadInput:
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone we know."),
            ({"zone": 7}, "“zone” is not the name"),
            ({"day_start_hour": 24}, "hour from 0 to 23"),
            ({"day_start_hour": "4"}, "whole number from 0 to 23"),
            ({"desired_retention": 1.5}, "desired_retention is 1.5"),
            ({"desired_retention": "high"}, "“desired_retention” is not a number"),
            ({"parameters": [1, 2, 3]}, "FSRS-6 has 21"),
            ({"parameters": "default"}, "“parameters” is not a list"),
            ({"learning_steps_minutes": [-1]}, "more than 0 minutes"),
            ({"learning_steps_minutes": None}, "“learning_steps_minutes” is not a list"),
            ({"fuzz": "yes"}, "neither true nor false"),
            ({"reviews": {}}, "“reviews” is not a list"),
            ({"reviews": [{"rating": 5, "at": "2024-01-01T12:00:00Z"}]}, "Review 1: the rating 5 is not"),
            ({"reviews": [{"rating": True, "at": "2024-01-01T12:00:00Z"}]}, "the rating True is not"),
            ({"reviews": [{"rating": 3, "at": "2024-01-01T12:00:00"}]}, "not an instant in UTC"),
            ({"reviews": [{"rating": 3, "at": "2024-01-01T12:00:00+02:00"}]}, "not an instant in UTC"),
            ({"reviews": [{"rating": 3, "at": "yesterday"}]}, "not an instant in UTC"),
            ({"reviews": [{"rating": 3, "at": "9999-12-31T23:59:59Z"}]}, "not an instant in UTC"),
            ({"reviews": [{"rating": 3}]}, "Review 1 has no"),
            ({"reviews": ["3"]}, "Review 1 has no"),
            ({"retention": 0.9}, "“retention” is not known"),
            ({"seed": 1}, "“seed” is not a text"),
        ],
    )
    def test_is_refused_with_a_sentence(self, wrong: dict[str, Any], sentence: str, replay: Any) -> None:
        with pytest.raises(CommandError) as caught:
            replay(history([], []) | wrong)
        assert sentence in str(caught.value)
        assert caught.value.returncode == 2

    def test_every_problem_is_listed_at_once(self, replay: Any) -> None:
        wrong = [{"rating": 9, "at": "2024-01-01T12:00:00Z"}, {"rating": 3, "at": "soon"}]
        with pytest.raises(CommandError) as caught:
            replay(history([], [], zone="Nowhere", fuzz=3, reviews=wrong))
        for sentence in ("Nowhere", "“fuzz”", "Review 1", "Review 2"):
            assert sentence in str(caught.value)

    def test_settings_left_out_are_those_of_the_site(self, replay: Any) -> None:
        bare = {
            name: value for name, value in history([3], [0]).items() if name in {"zone", "day_start_hour", "reviews"}
        }
        assert replay(bare)[0][0]["state"] == "learning"

    def test_missing_fields_are_named(self, replay: Any) -> None:
        with pytest.raises(CommandError, match="“reviews” is missing"):
            replay({"zone": "UTC"})

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
    def test_a_file_that_holds_no_json_object_is_refused(self, text: str, replay: Any) -> None:
        with pytest.raises(CommandError, match="cannot be folded"):
            replay(text)

    def test_a_file_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(CommandError, match="No such file"):
            call_command("replay", "/nowhere/history.json", "--json")

    @pytest.mark.parametrize("arguments", [[], ["x.json", "--check"]])
    def test_either_a_file_or_a_check_is_wanted(self, arguments: list[str]) -> None:
        with pytest.raises(CommandError, match="Name a file to fold, or say --check"):
            call_command("replay", *arguments)


class TestCheck:
    @pytest.fixture
    def used(self, alice: User, bob: User) -> list[Card]:
        """Cards with ratings, undos, a promotion, and one that was only brought forward."""
        first, second = make_flashcards(2)
        make_flashcards(1, misconception="slip")
        for day, (user, flashcard, rating) in enumerate(
            [(alice, first, 3), (alice, first, 3), (bob, first, 1), (alice, second, 4), (alice, first, 1)]
        ):
            at = NOON + dt.timedelta(days=9 * day)
            version = shown(user, flashcard, at).version
            record_review(user, flashcard, rating, at, CLOCK, event_id=uuid.uuid4(), version=version)
        undo(alice, NOON + dt.timedelta(days=36), CLOCK, uuid.uuid4())
        bring_forward(alice, "slip", "from your lab", NOON)
        return list(Card.objects.order_by("pk"))

    def check(self) -> str:
        out = io.StringIO()
        call_command("replay", "--check", stdout=out, stderr=io.StringIO())
        return out.getvalue()

    def test_is_clean_after_ratings_undos_and_promotions(self, used: list[Card]) -> None:
        assert self.check() == "Each of 4 cards equals the fold of its log.\n"

    @pytest.mark.parametrize(
        "change",
        [{"stability": 99.0}, {"reps": 7}, {"version": 9}, {"due": NOON}, {"state": "new"}, {"last_day": None}],
    )
    def test_notices_a_card_that_was_changed_behind_its_log(self, change: dict[str, Any], used: list[Card]) -> None:
        Card.objects.filter(pk=used[0].pk).update(**change)
        with pytest.raises(CommandError) as caught:
            self.check()
        assert str(caught.value) == "1 of 4 cards do not equal the fold of their logs."
        assert caught.value.returncode == 1

    def test_notices_an_event_that_was_changed_removed_or_moved(self, used: list[Card]) -> None:
        first = Review.objects.filter(card=used[0]).order_by("pk")[0]
        for change in (
            {"rating": 1},
            {"at": NOON + dt.timedelta(days=3)},
            {"zone": "Asia/Tokyo", "day_start_hour": 23},
        ):
            Review.objects.filter(pk=first.pk).update(**change)
            with pytest.raises(CommandError):
                self.check()
            first.save()
        assert self.check()
        Review.objects.filter(card=used[1]).delete()
        with pytest.raises(CommandError):
            self.check()

    def test_tells_in_json_which_cards_disagree(self, used: list[Card]) -> None:
        Card.objects.filter(pk=used[0].pk).update(stability=99.0)
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command("replay", "--check", "--json", stdout=out, stderr=io.StringIO())
        told = json.loads(out.getvalue())
        assert told["cards"] == 4
        assert str(used[0].uuid) in told["disagreements"][0]
