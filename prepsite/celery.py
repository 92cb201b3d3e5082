"""The task queue. Without a broker every task runs at once where it was sent (settings.CELERY_TASK_ALWAYS_EAGER)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepsite.settings")
app = Celery("prepsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
