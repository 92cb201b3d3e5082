"""Labs that were passed come back to be written again, on the schedule of the cards."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from codelabs.models import Draft, Lab, Reveal, Submission
from prepsite import study
from prepsite.accounts.models import User
from prepsite.study import rewriting
from quizzes import breaks, lab_cards
from quizzes.models import Break, Card, Flashcard, Plan, Review
from quizzes.review_queue import queue
from quizzes.reviewing import record_review, undo
from tests.codelabs.rows import STARTER, make_lab, make_submission
from tests.quizzes.factories import make_flashcard, make_topic

pytestmark = pytest.mark.django_db
URL = "/labs/lstm-step/rating/"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Hours before now are of the same study day, and the calendar's date is the study day's, whenever this runs."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12)):
        yield


@pytest.fixture
def lab() -> Lab:
    make_topic("recurrent-networks")
    lab = make_lab()
    rewriting.store_cards()
    return lab


def send(lab: Lab, user: User, verdict: str = "passed", *, days_ago: float = 0, **more: Any) -> Submission:
    """A submission as the grader leaves it, told to the bridge."""
    at = timezone.now() - timedelta(days=days_ago)
    submission = make_submission(lab, verdict, user=user, created_at=at, finished_at=at, **more)
    submission.lesson = study.lab_graded(submission)
    submission.save()
    return submission


def memory(submission: Submission) -> tuple[str, str]:
    said = submission.lesson.get("memory", {})
    return said.get("word", ""), said.get("reason", "")


def page_of(client: Client, submission: Submission) -> str:
    return client.get(reverse("codelabs:submission", args=[submission.uuid])).content.decode()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("✓", "")))


# The cards


def test_a_labs_card_follows_the_learners_terms_but_for_steps_of_minutes(lab: Lab, alice: User) -> None:
    today = study.clock_of(alice).day(timezone.now())
    Plan.objects.create(user=alice, interview_on=today + timedelta(days=6))
    send(lab, alice)
    card = Card.objects.get()
    assert card.state == "review"
    assert card.due_day is not None
    assert card.due_day <= today + timedelta(days=5), "not put off beyond the eve"
    Plan.objects.update(interview_on=None)
    Break.objects.create(user=alice, first_day=today, last_day=today + timedelta(days=400))
    rewriting.change(alice, "lstm-step", 2, timezone.now())
    card.refresh_from_db()
    assert card.queue_day == today + timedelta(days=401), "a planned break holds it"
    assert lab_cards.due_labs(alice, today + timedelta(days=300)) == []


def test_a_lab_that_waits_is_moved_off_a_break_planned_later_and_comes_back_if_it_is_called_off(
    lab: Lab, alice: User
) -> None:
    today = study.clock_of(alice).day(timezone.now())
    send(lab, alice, days_ago=60)
    planned = breaks.plan_break(alice, today, today + timedelta(days=9), today)
    assert lab_cards.due_labs(alice, today + timedelta(days=9)) == []
    assert lab_cards.due_labs(alice, today + timedelta(days=10)) == [("lstm-step", "Lstm Step")]
    breaks.call_off(alice, planned, today)
    assert lab_cards.due_labs(alice, today) == [("lstm-step", "Lstm Step")]
    call_command("replay", "--check")


def test_every_published_lab_has_one_card_however_often_content_is_loaded(lab: Lab) -> None:
    make_lab("unfinished", status="draft")
    rewriting.store_cards()
    card = Flashcard.objects.of_labs().get()
    assert (card.lab, card.kind, card.topic.slug) == ("lstm-step", "lab", "recurrent-networks")
    lab.slug = "another-name"
    lab.save()
    rewriting.store_cards()
    assert Flashcard.objects.get().pk == card.pk, "the lab's identity names it, not its slug"
    lab.status = "retired"
    lab.save()
    rewriting.store_cards()
    assert not Flashcard.objects.of_labs().exists()
    assert Flashcard.objects.get().status == "retired"


def test_a_labs_card_is_no_card_to_be_turned_over(lab: Lab, alice: User, as_alice: Client) -> None:
    send(lab, alice, days_ago=60)
    assert lab_cards.due_labs(alice, timezone.localdate()) == [("lstm-step", "Lstm Step")]
    assert not Flashcard.objects.published().exists()
    waiting = queue(alice, timezone.now(), study.clock_of(alice))
    assert waiting.next is None
    assert waiting.counts.left == 0


# What a verdict means


def test_the_first_pass_begins_the_memory_in_days_and_not_in_minutes(lab: Lab, alice: User) -> None:
    passed = send(lab, alice)
    assert memory(passed) == ("Good", "you passed at the first attempt")
    assert passed.lesson["memory"]["interval"].endswith(("day", "days"))
    card = Card.objects.get()
    assert (card.state, card.reps) == ("review", 1)


def test_hints_and_further_attempts_make_it_hard(lab: Lab, alice: User, bob: User) -> None:
    assert memory(send(lab, alice, hints=2)) == ("Hard", "you passed with 2 hints")
    send(lab, bob, "failed", days_ago=0.1)
    send(lab, bob, "internal", days_ago=0.05)
    send(lab, bob, kind="run", days_ago=0.03)
    assert memory(send(lab, bob)) == ("Hard", "you passed at attempt 2"), "our fault and runs are no attempts"


def test_a_pass_after_the_solution_was_shown_is_again(lab: Lab, alice: User) -> None:
    Reveal.objects.record(alice, lab, timezone.now() - timedelta(hours=1))
    assert memory(send(lab, alice)) == ("Again", "you passed after seeing the solution")


def test_runs_failures_and_visitors_rate_nothing(lab: Lab, alice: User) -> None:
    send(lab, alice, kind="run")
    send(lab, alice, "failed")
    study.lab_graded(make_submission(lab, visitor="somebody", finished_at=timezone.now()))
    assert not Review.objects.exists()


def test_a_pass_before_it_is_due_changes_nothing_and_a_due_one_counts_from_the_last_rating(
    lab: Lab, alice: User
) -> None:
    send(lab, alice, "failed", days_ago=60.2)
    assert memory(send(lab, alice, days_ago=60))[0] == "Hard"
    assert memory(send(lab, alice, days_ago=59.9)) == ("", "")
    again = send(lab, alice)
    assert memory(again)[0] == "Hard", "the pass of two months ago came after the rating, so this is the second"
    assert Review.objects.count() == 2
    call_command("replay", "--check")


def test_the_same_verdict_told_twice_rates_once(lab: Lab, alice: User) -> None:
    passed = send(lab, alice)
    study.lab_graded(passed)
    assert Review.objects.count() == 1


# The learner has the last word


def test_the_learner_may_change_the_rating_and_the_log_stays_whole(lab: Lab, alice: User, as_alice: Client) -> None:
    passed = send(lab, alice)
    assert as_alice.post(URL, {"rating": "2"})["Location"] == lab.get_absolute_url()
    assert [event.kind for event in Review.objects.all()] == ["rating", "undo", "rating"]
    assert Review.objects.last().rating == 2  # type: ignore[union-attr]
    passed.refresh_from_db()
    assert memory(passed) == ("Hard", "your own rating")
    call_command("replay", "--check")


def test_a_lab_that_is_due_can_be_given_up_as_again(lab: Lab, alice: User, as_alice: Client) -> None:
    send(lab, alice, days_ago=60)
    as_alice.post(URL, {"rating": "1", "give_up": "1"})
    assert [event.rating for event in Review.objects.all()] == [3, 1]
    assert lab_cards.due_labs(alice, timezone.localdate()) == []
    said = as_alice.post(URL, {"rating": "1", "give_up": "1"}, follow=True).content.decode()
    assert "This lab is not due" in said
    call_command("replay", "--check")


def test_the_verdict_shows_the_rating_proposed_with_its_reason_and_the_others_beside_it(
    lab: Lab, alice: User, as_alice: Client
) -> None:
    passed = send(lab, alice, hints=1)
    [choices] = re.findall(r"<form[^>]*rating/.*?</form>", page_of(as_alice, passed), re.DOTALL)
    buttons = dict(re.findall(r'value="(\d)" aria-pressed="(\w+)"', choices))
    assert buttons == {"1": "false", "2": "true", "3": "false", "4": "false"}
    offered = [interval for _, _, interval in passed.lesson["memory"]["choices"]]
    assert [interval in choices for interval in offered] == [True] * 4
    assert passed.lesson["memory"]["interval"] == offered[1], "what the button says is what it gave"
    words = text_of(page_of(as_alice, passed))
    assert "Proposed: Hard, because you passed with 1 hint. It counts unless you choose another" in words
    as_alice.post(URL, {"rating": "4"})
    words = text_of(page_of(as_alice, passed))
    assert "Proposed: Hard, because you passed with 1 hint. You chose Easy :" in words
    assert f"asked to write this lab again in {offered[3]} ." in words


def test_choosing_what_is_proposed_settles_it_without_a_second_event(lab: Lab, alice: User, as_alice: Client) -> None:
    passed = send(lab, alice)
    as_alice.post(URL, {"rating": "3"})
    assert [event.kind for event in Review.objects.all()] == ["rating"]
    assert "You chose Good" in text_of(page_of(as_alice, passed))


def test_a_result_from_before_ratings_were_offered_beside_it_can_be_changed_as_well(
    lab: Lab, alice: User, as_alice: Client
) -> None:
    passed = send(lab, alice)
    passed.lesson["memory"] = {key: passed.lesson["memory"][key] for key in ("rating", "word", "reason", "interval")}
    passed.save()
    assert "It counts as Good : you passed at the first attempt" in text_of(page_of(as_alice, passed))
    as_alice.post(URL, {"rating": "2"})
    assert "It counts as Hard : your own rating" in text_of(page_of(as_alice, passed))


def test_other_cards_rated_meanwhile_do_not_fix_the_rating_of_a_lab(lab: Lab, alice: User, as_alice: Client) -> None:
    send(lab, alice)
    now, clock = timezone.now(), study.clock_of(alice)
    other = make_flashcard("other")
    record_review(alice, other, 3, now, clock, event_id=uuid.uuid4(), version=0)
    as_alice.post(URL, {"rating": "2"})
    standing = Review.objects.standing().order_by("pk")
    assert list(standing.values_list("card__flashcard__kind", "rating")) == [("basic", 3), ("lab", 2)]
    undo(alice, timezone.now(), clock, uuid.uuid4())
    undo(alice, timezone.now(), clock, uuid.uuid4())
    assert not Review.objects.standing().exists(), "undo goes on step by step, the latest first"
    call_command("replay", "--check")


def test_a_rating_that_was_taken_back_on_the_review_page_can_be_given_anew(
    lab: Lab, alice: User, as_alice: Client
) -> None:
    passed = send(lab, alice)
    undo(alice, timezone.now(), study.clock_of(alice), uuid.uuid4())
    as_alice.post(URL, {"rating": "3"})
    assert [event.kind for event in Review.objects.all()] == ["rating", "undo", "rating"]
    passed.refresh_from_db()
    assert memory(passed)[0] == "Good"
    call_command("replay", "--check")


def test_a_rating_cannot_be_changed_after_a_day_nor_without_one(lab: Lab, alice: User, as_alice: Client) -> None:
    said = as_alice.post(URL, {"rating": "2"}, follow=True).content.decode()
    assert "can no longer be changed" in said
    assert not Review.objects.exists()
    passed = send(lab, alice, days_ago=1.1)
    assert "you passed at the first attempt. It counts: you will be" in (words := text_of(page_of(as_alice, passed)))
    assert "after this pass" in words
    assert URL not in page_of(as_alice, passed)
    said = as_alice.post(URL, {"rating": "2"}, follow=True).content.decode()
    assert "can no longer be changed" in said
    assert [event.rating for event in Review.objects.all()] == [3]


def test_rating_a_lab_refuses_get_strangers_and_nonsense(lab: Lab, alice: User, as_alice: Client) -> None:
    send(lab, alice)
    assert as_alice.get(URL).status_code == 405
    assert Client().post(URL, {"rating": "2"})["Location"].startswith("/accounts/login/")
    assert as_alice.post("/labs/no-such-lab/rating/", {"rating": "2"}).status_code == 404
    for nonsense in ("", "5", "0", "good"):
        assert as_alice.post(URL, {"rating": nonsense}).status_code == 400
    assert Review.objects.count() == 1


def test_nobody_changes_somebody_elses_rating(lab: Lab, alice: User, as_bob: Client) -> None:
    send(lab, alice)
    as_bob.post(URL, {"rating": "1"})
    assert [event.rating for event in Review.objects.all()] == [3]


# Where it is seen


def test_today_and_the_review_page_send_the_learner_to_the_workbench(lab: Lab, alice: User, as_alice: Client) -> None:
    send(lab, alice, days_ago=60)
    today = as_alice.get(reverse("home")).content.decode()
    assert "to write again" in today
    assert 'href="/labs/lstm-step/"' in today
    review = as_alice.get(reverse("quizzes:review")).content.decode()
    assert "Lstm Step" in review
    assert 'href="/labs/lstm-step/"' in review


def test_the_workbench_offers_to_begin_again_with_the_code_kept_aside(lab: Lab, alice: User, as_alice: Client) -> None:
    Draft.objects.keep(alice, lab, "mine = 1\n", timezone.now())
    page = as_alice.get(lab.get_absolute_url()).content.decode()
    assert "due to be written again" not in page
    send(lab, alice, days_ago=60)
    page = as_alice.get(lab.get_absolute_url()).content.decode()
    assert "due to be written again" in page
    assert f'action="{lab.get_absolute_url()}begin-again/"' in page
    as_alice.post(f"{lab.get_absolute_url()}begin-again/")
    begun = as_alice.get(lab.get_absolute_url())
    assert begun.context["source"] == STARTER
    assert "Begin with the empty starter" not in begun.content.decode()
    assert as_alice.get(f"{lab.get_absolute_url()}?restore=aside").context["source"] == "mine = 1\n"
