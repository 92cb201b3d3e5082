"""The order in which new cards are met: a topic after everything it builds on."""

from collections.abc import Collection, Mapping

from django.db import models

from quizzes.models import Topic
from quizzes.models.flashcard import FlashcardQuerySet


def ranks(order: Mapping[int, int], needs: Mapping[int, Collection[int]]) -> dict[int, int]:
    """The place of each topic: after all that it needs, and otherwise by `order`. Topics that need each other in a
    circle keep their order among themselves, after those that can be placed."""
    left, placed = set(order), dict[int, int]()
    while left:
        ready = [topic for topic in left if not left.intersection(needs.get(topic, ())) - {topic}] or list(left)
        following = min(ready, key=lambda topic: (order[topic], topic))
        placed[following] = len(placed)
        left.remove(following)
    return placed


def in_order_of_prerequisites(flashcards: FlashcardQuerySet) -> FlashcardQuerySet:
    """Two small queries for the map of topics, and the flashcards ordered by it; those without a topic come last."""
    needs: dict[int, set[int]] = {}
    for topic, needed in Topic.prerequisites.through.objects.values_list("from_topic_id", "to_topic_id"):
        needs.setdefault(topic, set()).add(needed)
    placed = ranks(dict(Topic.objects.values_list("pk", "order")), needs)
    if not placed:
        # A CASE without a WHEN shrinks to its default, and PostgreSQL reads a bare number as a column's place.
        return flashcards.order_by("order", "slug")
    cases = [models.When(topic=topic, then=place) for topic, place in placed.items()]
    rank = models.Case(*cases, default=len(placed), output_field=models.IntegerField())
    return flashcards.order_by(rank, "order", "slug")
