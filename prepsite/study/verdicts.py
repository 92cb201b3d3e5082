"""What a lab's verdict means for learning."""

from typing import Any

from codelabs.models import Submission
from prepsite.study import mistakes, rewriting


def lab_graded(submission: Submission) -> dict[str, Any]:
    """A recognised mistake brings its cards forward; a pass rates the lab's own card, which comes back to be written.

    Called by codelabs.tasks through settings.ON_LAB_VERDICT. Returns what the result page tells about it.
    """
    lesson = mistakes.lesson_of(submission)
    if submission.is_pass and (memory := rewriting.rate_pass(submission)):
        lesson["memory"] = memory
    return lesson
