"""What a visitor is offered: something to try, and how much there is."""

from dataclasses import dataclass

from codelabs.models import Lab
from quizzes.models import Flashcard, Question


@dataclass(frozen=True)
class Offer:
    """What a visitor can try, if it is published, and how much there is."""

    question: Question | None
    lab: Lab | None
    questions: int
    cards: int
    labs: int


def offer(trial_question: str, trial_lab: str) -> Offer:
    """What the site shows to someone without an account; the arguments are slugs."""
    return Offer(
        question=Question.objects.published().filter(slug=trial_question).first(),
        lab=Lab.objects.published().filter(slug=trial_lab).first(),
        questions=Question.objects.published().count(),
        cards=Flashcard.objects.published().count(),
        labs=Lab.objects.published().count(),
    )
