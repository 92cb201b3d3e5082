"""Labs that come back to be written again: what a verdict means for the lab's card, and when it is due."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from codelabs.models import Lab, Reveal, Submission
from prepsite.accounts.models import User
from prepsite.study.today import clock_of
from quizzes import lab_cards
from quizzes.lab_cards import LabCard, LabMemory
from quizzes.models import Review
from quizzes.models.review import UNDO_WITHIN

AGAIN, HARD, GOOD = Review.Rating.AGAIN, Review.Rating.HARD, Review.Rating.GOOD


@dataclass(frozen=True)
class Proposal:
    """A rating, and why: a phrase that goes on after “because”, as that of an answer does."""

    rating: Review.Rating
    reason: str


def propose(*, attempts: int, hints: int, after_reveal: bool) -> Proposal:
    """The rating of a pass: after so many submissions, this one included, and so many hints opened on the way."""
    if after_reveal:
        return Proposal(AGAIN, "you passed after seeing the solution")
    if attempts > 1:
        return Proposal(HARD, f"you passed at attempt {attempts}")
    if hints:
        return Proposal(HARD, f"you passed with {hints} hint{'s' if hints > 1 else ''}")
    return Proposal(GOOD, "you passed at the first attempt")


def store_cards() -> None:
    """Bring the cards of labs in line with the labs that are published now."""
    lab_cards.store(
        LabCard(lab.uuid, lab.slug, lab.title, lab.summary, lab.topic, tuple(lab.concepts), lab.level)
        for lab in Lab.objects.published()
    )


def rate_pass(submission: Submission) -> dict[str, Any]:
    """Rate the lab's card for a pass, if it is the first or if the lab was due; what the result page tells about it.

    What is proposed counts until the learner chooses another: the card asks for just what was judged. Empty for a pass
    that the schedule did not ask for. The same submission again rates nothing twice.
    """
    user, at = submission.user, submission.finished_at
    if user is None or at is None:
        return {}
    clock = clock_of(user)
    memory = lab_cards.memory_of(user, submission.lab.slug, at, clock)
    if memory is None:
        store_cards()  # a lab that was published in the admin since content was last loaded
        memory = lab_cards.memory_of(user, submission.lab.slug, at, clock)
    if memory is None or not (memory.is_new or memory.is_due):
        return {}
    proposal = _proposal(user, submission, memory)
    event_id = uuid.uuid5(submission.uuid, "rating")
    offered = lab_cards.choices(user, memory, at, clock)
    given = lab_cards.rate(user, memory, proposal.rating, at, clock, event_id)
    if given is None:
        return {}
    return told(given, proposal.reason) | {
        "proposed": proposal.rating.label,
        "why": proposal.reason,
        "choices": offered,
        "until": (at + UNDO_WITHIN).isoformat(),
    }


def told(given: Review, reason: str) -> dict[str, Any]:
    """What the result page shows of a rating."""
    return {
        "rating": given.rating,
        "word": given.get_rating_display(),
        "reason": reason,
        "interval": lab_cards.interval_of(given),
    }


def lab_memory(user: User, lab: str, at: dt.datetime) -> dict[str, Any]:
    """What the workbench says of the lab's card. Called by its page through settings.LAB_MEMORY."""
    return {"is_due": lab_cards.is_due(user, lab, at, clock_of(user))}


def give_up(user: User, lab: str, at: dt.datetime) -> dict[str, Any]:
    """Count a lab that is due as not remembered. Raises lab_cards.CannotChange if it is not due."""
    clock = clock_of(user)
    memory = lab_cards.memory_of(user, lab, at, clock)
    given = None
    if memory is not None and memory.is_due:
        given = lab_cards.rate(user, memory, AGAIN, at, clock, uuid.uuid4())
    if given is None:
        raise lab_cards.CannotChange("This lab is not due, so there is nothing to rate.")
    return told(given, "not passed")


def change(user: User, lab: str, rating: int, at: dt.datetime) -> dict[str, Any]:
    """Give the latest rating of the lab's card the value that the learner chose. Raises lab_cards.CannotChange."""
    given = lab_cards.change(user, lab, rating, at, clock_of(user), (uuid.uuid4(), uuid.uuid4()))
    said = told(given, "your own rating")
    passes = Submission.objects.for_user(user).passes().filter(lab__slug=lab, lesson__has_key="memory")
    if passed := passes.first():
        passed.lesson["memory"] |= said | {"chosen": True}
        passed.save(update_fields=["lesson"])
    return said


def _proposal(user: User, submission: Submission, memory: LabMemory) -> Proposal:
    """From what happened since the latest rating; since ever, for a first pass."""
    sent = Submission.objects.for_user(user).filter(lab=submission.lab, kind=Submission.Kind.SUBMIT)
    sent = sent.exclude(verdict="internal").filter(created_at__lte=submission.created_at)
    reveals = Reveal.objects.filter(user=user, lab=submission.lab, revealed_at__lte=submission.created_at)
    if (rated_at := lab_cards.rated_at(user, memory)) is not None:
        sent, reveals = sent.filter(created_at__gt=rated_at), reveals.filter(revealed_at__gt=rated_at)
    hints = max((attempt.hints for attempt in sent), default=0)
    return propose(attempts=len(sent), hints=hints, after_reveal=reveals.exists())
