"""One memory: what an answer says about the cards of its question, counted as any review."""

import datetime as dt
import random
import re
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prepsite.accounts.models import User
from quizzes import answer_memory, beginning, sessions
from quizzes.answer_memory import proposals
from quizzes.drawn import as_drawn
from quizzes.models import Card, Question, Review, SessionItem
from quizzes.planning import Terms
from quizzes.scheduling import StudyClock
from tests.quizzes.factories import ANSWERS, make_flashcard, make_question

pytestmark = pytest.mark.django_db
CLOCK = StudyClock("Europe/Berlin", 4)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def a_question(kind: str = "single") -> Question:
    question = make_question(kind)
    make_flashcard("one", question=question, order=1)
    make_flashcard("two", question=question, order=2, misconception="rnn-state-shared")
    return question


def answered(user: User, question: Question, answer: dict[str, Any], ticks: list[str] | None = None) -> SessionItem:
    item = beginning.open_attempt(user, question, 0, timezone.now())
    sessions.commit(item, as_drawn(item), answer, timezone.now())
    if ticks is not None:
        sessions.tick(item, as_drawn(item), ticks, timezone.now())
    return item


def proposed(user: User, item: SessionItem) -> list[tuple[str, int, str]]:
    found = proposals(user, item, as_drawn(item), timezone.now())
    return [(one.flashcard.slug, int(one.rating), one.reason) for one in found]


def test_a_right_answer_proposes_good_and_says_why(alice: User) -> None:
    item = answered(alice, a_question(), ANSWERS["single"])
    assert proposed(alice, item) == [("one", 3, "your answer was right"), ("two", 3, "your answer was right")]


def test_a_wrong_answer_proposes_again_and_names_the_belief_where_it_shows(alice: User) -> None:
    item = answered(alice, a_question(), {"choice": "state"})
    assert proposed(alice, item) == [
        ("one", 1, "your answer was not right yet"),
        ("two", 1, "the option that you chose states it"),
    ]


def test_a_rubric_proposes_once_its_points_are_ticked(alice: User) -> None:
    question = make_question("open")
    make_flashcard("fact", question=question)
    make_flashcard("belief", question=question, misconception="lstm-never-vanishes")
    item = answered(alice, question, ANSWERS["open"])
    assert proposed(alice, item) == []
    sessions.tick(item, as_drawn(item), ["gate", "total", "clip"], timezone.now())
    assert proposed(alice, item) == [
        ("belief", 1, "your answer lacked just this"),
        ("fact", 2, "your answer had 6 of 10 points"),
    ]


def test_who_asked_to_be_shown_is_not_rated(alice: User) -> None:
    assert proposed(alice, answered(alice, a_question(), sessions.GAVE_UP)) == []


def test_a_card_rated_since_or_suspended_is_left_alone(alice: User) -> None:
    question = a_question()
    item = answered(alice, question, ANSWERS["single"])
    cards = {card.slug: card.uuid for card in question.flashcards.all()}
    answer_memory.count(alice, item, as_drawn(item), {cards["one"]: 2}, uuid.uuid4(), timezone.now(), CLOCK, Terms())
    assert [slug for slug, _, _ in proposed(alice, item)] == ["two"]
    Card.objects.create(user=alice, flashcard=question.flashcards.get(slug="two"), due=timezone.now(), suspended=True)
    assert proposed(alice, item) == []


def test_what_is_counted_is_a_review_like_any_other(as_alice: Client, alice: User) -> None:
    question = a_question()
    item = answered(alice, question, ANSWERS["single"])
    page = as_alice.get(reverse("quizzes:question", args=[question.slug]))
    assert "What this says of your cards" in text_of(page)
    assert "Proposed: Good, because your answer was right." in text_of(page)
    one, two = question.flashcards.order_by("order")
    url = reverse("quizzes:memory", args=[item.session.uuid, 1])
    data = {"event": str(uuid.uuid4()), f"rate-{one.uuid}": "3", f"rate-{two.uuid}": "1"}
    assert as_alice.post(url, data)["Location"] == reverse("quizzes:question", args=[question.slug])
    as_alice.post(url, data)
    assert sorted(Review.objects.values_list("card__flashcard__slug", "rating")) == [("one", 3), ("two", 1)]
    assert "What this says of your cards" not in text_of(
        as_alice.get(reverse("quizzes:question", args=[question.slug]))
    )
    call_command("replay", "--check")


def test_a_quiz_shows_it_after_each_answer(as_alice: Client, alice: User) -> None:
    question = a_question()
    session = beginning.start(alice, beginning.Filters(number=1), timezone.now(), random.Random(1))
    as_alice.post(reverse("quizzes:commit", args=[session.uuid, 1]), {"choice": "nothing"})
    assert "not right yet" in text_of(as_alice.get(reverse("quizzes:item", args=[session.uuid, 1])))
    assert question.flashcards.count() == 2


def test_the_result_of_a_quiz_counts_what_was_passed_over_on_the_way(as_alice: Client, alice: User) -> None:
    """Enter goes on from an answer without counting; at the end all of it can still be counted at one click."""
    a_question()
    other = make_question("multiple")
    make_flashcard("three", question=other)
    session = beginning.start(alice, beginning.Filters(number=2), timezone.now(), random.Random(1))
    for item in session.items.select_related("question"):
        kind = item.question.kind
        answer = ANSWERS["multiple"] if kind == "multiple" else {"choice": "state"}
        as_alice.post(reverse("quizzes:commit", args=[session.uuid, item.position]), answer)
    as_alice.post(reverse("quizzes:finish", args=[session.uuid]))
    page = reverse("quizzes:result", args=[session.uuid])
    shown = as_alice.get(page)
    assert "Your answers propose a rating for 3 cards" in text_of(shown)
    assert "Proposed: Again, because the option that you chose states it." in text_of(shown)
    html = shown.content.decode()
    chosen = dict(re.findall(r'name="(rate-[0-9a-f-]+)".*?<option value="(\d)" selected', html))
    changed = f"rate-{other.flashcards.get().uuid}"
    assert chosen.pop(changed) == "3"
    event = re.search(r'name="event" value="([^"]+)"', html)
    assert event is not None
    data = {"event": event[1], **chosen, changed: "2"}
    for _ in range(2):
        response = as_alice.post(reverse("quizzes:memory-all", args=[session.uuid]), data, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert sorted(Review.objects.values_list("card__flashcard__slug", "rating")) == [
        ("one", 1),
        ("three", 2),
        ("two", 1),
    ]
    assert "propose a rating" not in text_of(response)


def test_only_ones_own_quiz_is_counted(as_bob: Client, alice: User) -> None:
    item = answered(alice, a_question(), ANSWERS["single"])
    assert as_bob.post(reverse("quizzes:memory-all", args=[item.session.uuid])).status_code == 404


def test_nothing_chosen_or_nonsense_counts_nothing(as_alice: Client, alice: User) -> None:
    question = a_question()
    item = answered(alice, question, ANSWERS["single"])
    url = reverse("quizzes:memory", args=[item.session.uuid, 1])
    one = question.flashcards.first()
    assert one is not None
    for data in ({}, {"rate-nonsense": "3"}, {f"rate-{one.uuid}": "7"}, {f"rate-{uuid.uuid4()}": "3"}):
        assert "Nothing was counted" in text_of(as_alice.post(url, data, follow=True))
    assert not Review.objects.exists()


def test_strangers_and_get_are_refused(as_bob: Client, as_alice: Client, alice: User) -> None:
    item = answered(alice, a_question(), ANSWERS["single"])
    url = reverse("quizzes:memory", args=[item.session.uuid, 1])
    assert as_bob.post(url).status_code == 404
    assert as_alice.get(url).status_code == 405


def test_an_answer_that_is_still_a_draft_says_nothing(as_alice: Client, alice: User) -> None:
    item = beginning.open_attempt(alice, a_question(), 0, timezone.now() - dt.timedelta(hours=1))
    assert as_alice.post(reverse("quizzes:memory", args=[item.session.uuid, 1])).status_code == 404
