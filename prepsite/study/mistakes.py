"""What a mistake in a lab means for the cards."""

from typing import Any

from codelabs.models import Submission
from quizzes import reviewing
from quizzes.models import Misconception, Question


def lesson_of(submission: Submission) -> dict[str, Any]:
    """A recognised mistake brings its cards to the front of the queue.

    Returns the lesson that the result page tells: the belief behind the mistake, questions about it (or about the lab,
    if there is none), and the slugs of the cards brought forward. Code that failed in a way of its own is shown the
    questions of its lab. A visitor has no cards.
    """
    misconception = None
    if submission.misconception:
        misconception = Misconception.objects.filter(slug=submission.misconception).first()
    if misconception is None:
        return _about_the_lab(submission)
    cards = []
    if submission.user is not None and submission.finished_at is not None:
        reason = f"from your lab “{submission.lab.title}”"
        cards = reviewing.bring_forward(submission.user, misconception.slug, reason, submission.finished_at)
    published = Question.objects.published()
    about = list(published.filter(flashcards__misconception=misconception.slug).distinct()[:3])
    about = about or _questions_of(submission)
    return {
        "belief": misconception.belief,
        "questions": _links(about),
        "cards": [card.flashcard.slug for card in cards],
    }


def _about_the_lab(submission: Submission) -> dict[str, Any]:
    failed = submission.kind == Submission.Kind.SUBMIT and submission.verdict == "failed"
    questions = _questions_of(submission) if failed else []
    return {"questions": _links(questions)} if questions else {}


def _questions_of(submission: Submission) -> list[Question]:
    return list(Question.objects.published().filter(slug__in=submission.lab.questions)[:3])


def _links(questions: list[Question]) -> list[dict[str, str]]:
    return [{"title": one.title, "url": one.get_absolute_url()} for one in questions]
