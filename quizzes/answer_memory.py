"""What an answer says about the memory of its cards: each card cut from the question gets a rating proposed, with its
reason, which the learner may change before it counts.

A question and its cards are one piece of knowledge: who answered it has been tested on them. Nothing is counted without
the learner, because an answer is about the whole and a card about one fact.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from quizzes.asked import Asked
from quizzes.card_log import EventClash, Shown, StaleCard, shown_of_all
from quizzes.lessons import misconceptions_in
from quizzes.models import Flashcard, QuizSession, Review, SessionItem
from quizzes.planning import Terms
from quizzes.reviewing import record_review
from quizzes.scheduling import StudyClock

AGAIN, HARD, GOOD = Review.Rating.AGAIN, Review.Rating.HARD, Review.Rating.GOOD
REMEMBERED, HALF = 0.9, 0.6  # scores from which an answer showed the knowledge, and from which it showed most of it


@dataclass(frozen=True)
class CardProposal:
    """One card of the question, the rating proposed for it, and why: a phrase that goes on after “because”."""

    shown: Shown
    rating: Review.Rating
    reason: str

    @property
    def flashcard(self) -> Flashcard:
        return self.shown.flashcard


def proposals(user: models.Model, item: SessionItem, asked: Asked, at: dt.datetime) -> list[CardProposal]:
    """For each card cut from the question that was not rated since the answer was given. Empty while the score is not
    known, and for somebody who asked to be shown the answer: they see the cards in their turn. Who did not know it in a
    mock interview was shown nothing. Two queries."""
    return proposals_of_all(user, [(item, asked)], at)[item.pk]


def proposals_of_all(
    user: models.Model, answers: Sequence[tuple[SessionItem, Asked]], at: dt.datetime
) -> dict[int, list[CardProposal]]:
    """As `proposals`, by item, for the answers of a whole session in as many queries; none if nothing counts."""
    telling = [item.question_id for item, _ in answers if _tells(item)]
    cards = Flashcard.objects.published().filter(question__in=telling).order_by("order", "slug")
    by_question = defaultdict(list)
    for one in shown_of_all(user, cards, at) if telling else ():
        if not one.suspended:
            by_question[one.flashcard.question_id].append(one)
    return {item.pk: list(_proposals(item, asked, by_question[item.question_id])) for item, asked in answers}


def _tells(item: SessionItem) -> bool:
    if item.committed_at is None or item.score is None:
        return False
    return bool(item.answer) or item.session.kind == QuizSession.Kind.MOCK


def _proposals(item: SessionItem, asked: Asked, cards: Sequence[Shown]) -> Iterator[CardProposal]:
    if item.committed_at is None or item.score is None or not _tells(item):
        return
    missed = set(misconceptions_in(asked, item.answer or {}, item.ticks))
    for one in cards:
        if one.memory.last_review is not None and one.memory.last_review >= item.committed_at:
            continue
        if not item.answer:
            yield CardProposal(one, AGAIN, "you did not know the answer")
        else:
            belief_shown = one.flashcard.misconception in missed
            yield CardProposal(one, *_proposed(item.score, asked, belief_shown=belief_shown))


def _proposed(score: float, asked: Asked, *, belief_shown: bool) -> tuple[Review.Rating, str]:
    said = f"your answer had {round(10 * score)} of 10 points" if asked.marked_by_rubric else None
    if belief_shown:
        return (
            AGAIN,
            "your answer lacked just this" if asked.marked_by_rubric else "the option that you chose states it",
        )
    if score >= REMEMBERED:
        return GOOD, said or "your answer was right"
    if score >= HALF:
        return HARD, said or "your answer was partly right"
    return AGAIN, said or "your answer was not right yet"


def count(
    user: models.Model,
    item: SessionItem,
    asked: Asked,
    ratings: Mapping[uuid.UUID, int],
    event: uuid.UUID,
    at: dt.datetime,
    clock: StudyClock,
    terms: Terms,
) -> list[Review]:
    """Record the ratings of these cards of the question, named by their flashcards, as any other rating.

    `event` is the id that the form was given: sent twice, each card counts once. Cards that are not proposed any more
    (another tab was faster) are passed over. Raises ValueError for a rating out of range.
    """
    given = []
    for one in proposals(user, item, asked, at):
        rating = ratings.get(one.flashcard.uuid)
        if rating is None:
            continue
        mine = uuid.uuid5(event, str(one.flashcard.uuid))
        version = one.shown.version
        try:
            given.append(
                record_review(user, one.flashcard, rating, at, clock, event_id=mine, version=version, terms=terms)
            )
        except (StaleCard, EventClash):
            continue
    return given
