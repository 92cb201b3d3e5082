"""The site: settings, accounts, home, and the bridge between quizzes and codelabs."""

from prepsite.celery import app as celery_app

__all__ = ["celery_app"]
