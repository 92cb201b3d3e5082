"""Authoring in the admin: the same checks as for files, and edits that loading leaves alone."""

from quizzes.admin import library, questions, reports

__all__ = ["library", "questions", "reports"]
