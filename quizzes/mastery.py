"""Mastery as memory: the recall predicted today for what each question and lab asks, by the cards cut from it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from django.db import models

from quizzes.models import Card, Flashcard, Topic
from quizzes.models.flashcard import FlashcardQuerySet
from quizzes.planning import terms_of
from quizzes.readiness import curve


@dataclass(frozen=True)
class Recall:
    """Predicted recall, from 0 to 1, by the key of the question and by the slug of the lab, as far as a card of it has
    been met. A card of a question that has not been met counts as not recalled."""

    questions: dict[int, float]
    labs: dict[str, float]


def recall_of_topic(user: models.Model, topic: Topic, today: dt.date) -> Recall:
    """In four queries, whatever the number of cards."""
    return _recall(user, Flashcard.objects.filter(topic=topic), today)


def recall_of_all(user: models.Model, today: dt.date) -> Recall:
    """Of every topic at once, in as many queries."""
    return _recall(user, Flashcard.objects.all(), today)


def _recall(user: models.Model, offered: FlashcardQuerySet, today: dt.date) -> Recall:
    sizes = dict(
        offered.published().exclude(question=None).order_by().values_list("question").annotate(size=models.Count("pk"))
    )
    met = Card.objects.for_user(user).filter(
        flashcard__in=offered.published() | offered.of_labs(), stability__isnull=False, last_day__isnull=False
    )
    rows = list(met.values_list("flashcard__question", "flashcard__lab", "stability", "last_day"))
    stability = np.array([days for _, _, days, _ in rows], np.float64)
    elapsed = np.array([(today - last).days if last else 0 for _, _, _, last in rows], np.float64)
    recalls = curve(terms_of(user, today).settings.weights).recall(stability, elapsed)
    questions: dict[int, float] = defaultdict(float)
    labs: dict[str, float] = {}
    for (question, lab, _, _), recall in zip(rows, recalls, strict=True):
        if lab:
            labs[lab] = float(recall)
        elif question in sizes:
            questions[question] += float(recall) / sizes[question]
    return Recall(dict(questions), labs)
