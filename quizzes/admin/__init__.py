"""Authoring in the admin: the same checks as for files, and edits that loading leaves alone."""

from quizzes.admin import library, questions

__all__ = ["library", "questions"]
