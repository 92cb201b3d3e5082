"""What a mistake in a lab means for the cards."""

from typing import Any

from codelabs.models import Submission
from quizzes import reviewing
from quizzes.models import Flashcard, Misconception


def lab_graded(submission: Submission) -> dict[str, Any]:
    """What a graded lab means for learning: a recognised mistake brings its card to the front of the queue.

    Called by codelabs.grading through settings.ON_LAB_VERDICT. Returns what the result page says about it: the
    misconception's belief and correction, the cards brought forward, and a question on it; empty without a diagnosis.
    """
    misconception = Misconception.objects.filter(slug=submission.misconception).first()
    if misconception is None:
        return {}
    cards = list(Flashcard.objects.published().filter(misconception=misconception.slug).select_related("question"))
    if cards and submission.user is not None and submission.finished_at is not None:
        reviewing.bring_forward(
            submission.user,
            misconception.slug,
            reason=f"from your lab “{submission.lab.title}”",
            at=submission.finished_at,
        )
    question = next((card.question for card in cards if card.question), None)
    return {
        "belief": misconception.belief,
        "correction_html": misconception.correction_html,
        "cards": len(cards) if submission.user is not None else 0,
        "question": {"title": question.title, "url": question.get_absolute_url()} if question else None,
    }
